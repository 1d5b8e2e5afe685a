import{a}from"./chunk-2LEWQ6QN.js";import"./chunk-B63PAL7S.js";import"./chunk-6GWFRRLE.js";import"./chunk-BYXBJQAS.js";import"./chunk-QQRRSAEZ.js";export{a as Announcements};
