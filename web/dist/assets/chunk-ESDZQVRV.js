import{da as o}from"./chunk-DNKW2UAX.js";var t=o("order",async()=>(await import("./cue-TEURVTKN.js")).Cue);export{t as a};
