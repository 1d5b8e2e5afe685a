import{da as o}from"./chunk-EA56IUZ2.js";var t=o("order",async()=>(await import("./cue-BILJTUCM.js")).Cue);export{t as a};
