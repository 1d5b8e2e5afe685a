import{da as o}from"./chunk-J4A3WI6U.js";var t=o("order",async()=>(await import("./cue-IK5DOQO7.js")).Cue);export{t as a};
