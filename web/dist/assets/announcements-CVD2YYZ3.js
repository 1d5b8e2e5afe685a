import{a}from"./chunk-7AFT3VPF.js";import"./chunk-NSZRTM6G.js";import"./chunk-XVY4EEZD.js";import"./chunk-BYXBJQAS.js";import"./chunk-GJXNWFR6.js";export{a as Announcements};
