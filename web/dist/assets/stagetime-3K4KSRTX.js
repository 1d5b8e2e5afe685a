import{a,b}from"./chunk-2MDBRWKG.js";import"./chunk-UYMDVR3F.js";import"./chunk-TQZBO7S4.js";import"./chunk-BYXBJQAS.js";import"./chunk-J4A3WI6U.js";export{b as OwnTime,a as TimeLeft};
