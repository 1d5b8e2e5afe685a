import{da as o}from"./chunk-QKCBBN4M.js";var t=o("order",async()=>(await import("./cue-P54UITBO.js")).Cue);export{t as a};
