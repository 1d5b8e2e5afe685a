import{a,b}from"./chunk-OMMOI63L.js";import"./chunk-NSZRTM6G.js";import"./chunk-XVY4EEZD.js";import"./chunk-BYXBJQAS.js";import"./chunk-GJXNWFR6.js";export{a as Menu,b as placeBeside};
