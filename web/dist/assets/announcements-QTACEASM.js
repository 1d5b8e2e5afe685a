import{a}from"./chunk-Z63YS5BD.js";import"./chunk-LLJPUPR7.js";import"./chunk-OYD4KC5L.js";import"./chunk-BYXBJQAS.js";import"./chunk-TXFM4FX4.js";export{a as Announcements};
