import{da as o}from"./chunk-YNQB5LK4.js";var t=o("order",async()=>(await import("./cue-5EGYUFUZ.js")).Cue);export{t as a};
