import{da as o}from"./chunk-Q2Y6I6XA.js";var t=o("order",async()=>(await import("./cue-57JL5CJ2.js")).Cue);export{t as a};
