import{a,b}from"./chunk-PDTXRUBY.js";import"./chunk-NSZRTM6G.js";import"./chunk-XVY4EEZD.js";import"./chunk-BYXBJQAS.js";import"./chunk-GJXNWFR6.js";export{b as OwnTime,a as TimeLeft};
