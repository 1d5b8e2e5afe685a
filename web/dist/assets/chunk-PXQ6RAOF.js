import{da as o}from"./chunk-SAEADQQJ.js";var t=o("order",async()=>(await import("./cue-LA3BCGL2.js")).Cue);export{t as a};
