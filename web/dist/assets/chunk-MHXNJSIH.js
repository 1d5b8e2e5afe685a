import{da as o}from"./chunk-3EHRCNTK.js";var t=o("order",async()=>(await import("./cue-FWOKUF2X.js")).Cue);export{t as a};
