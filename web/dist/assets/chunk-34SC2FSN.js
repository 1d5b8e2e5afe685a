import{da as o}from"./chunk-LMYCLO27.js";var t=o("order",async()=>(await import("./cue-TAVHVU3P.js")).Cue);export{t as a};
