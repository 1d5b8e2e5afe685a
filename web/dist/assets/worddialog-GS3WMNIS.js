import{a}from"./chunk-3YEBS6BD.js";import"./chunk-DRKHPZRF.js";import"./chunk-UYMDVR3F.js";import"./chunk-TQZBO7S4.js";import"./chunk-BYXBJQAS.js";import"./chunk-J4A3WI6U.js";export{a as WordDialog};
