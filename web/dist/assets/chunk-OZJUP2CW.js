import{i as t}from"./chunk-J4A3WI6U.js";var e=t({});function o(i,n){e.value={...e.peek(),[i]:n}}export{e as a,o as b};
