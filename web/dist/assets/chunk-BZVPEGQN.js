import{da as o}from"./chunk-EUY277D3.js";var t=o("order",async()=>(await import("./cue-UTE77PWO.js")).Cue);export{t as a};
