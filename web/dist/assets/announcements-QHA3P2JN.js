import{a}from"./chunk-V65NFFEU.js";import"./chunk-RYQV2ANM.js";import"./chunk-6FCL26DV.js";import"./chunk-BYXBJQAS.js";import"./chunk-OXQZ23HJ.js";export{a as Announcements};
