import{da as o}from"./chunk-BTHV7CYX.js";var t=o("order",async()=>(await import("./cue-U3TXMP5I.js")).Cue);export{t as a};
