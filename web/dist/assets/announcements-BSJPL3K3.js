import{a}from"./chunk-2QRQEM5P.js";import"./chunk-BYXBJQAS.js";import"./chunk-FM57NSVA.js";export{a as Announcements};
