import{da as o}from"./chunk-ONRYLT3U.js";var t=o("order",async()=>(await import("./cue-VQUWILWW.js")).Cue);export{t as a};
