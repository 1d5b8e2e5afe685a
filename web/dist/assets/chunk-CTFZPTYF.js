import{da as o}from"./chunk-OO2BGH3M.js";var t=o("order",async()=>(await import("./cue-U6GP3ANO.js")).Cue);export{t as a};
