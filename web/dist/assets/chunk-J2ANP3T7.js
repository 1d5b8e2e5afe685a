import{da as o}from"./chunk-KHLQ6YDX.js";var t=o("order",async()=>(await import("./cue-G5VE6NHU.js")).Cue);export{t as a};
