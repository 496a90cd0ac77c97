import type { Library } from './arguments.ts';

/** The functions of numbers, except those that depend on chance. */
export const NUMBERS: Library = {
  abs: (args) => [Math.abs(args.number(0))],
  ceil: (args) => [Math.ceil(args.number(0))],
  exp: (args) => [Math.exp(args.number(0))],
  floor: (args) => [Math.floor(args.number(0))],
  fmod: (args) => [args.number(0) % args.number(1)],
  log: (args) => [Math.log(args.number(0))],
  log10: (args) => [Math.log10(args.number(0))],
  max: (args) => [Math.max(...args.all.map((_, index) => args.number(index)))],
  min: (args) => [Math.min(...args.all.map((_, index) => args.number(index)))],
  mod: (args) => [args.number(0) % args.number(1)],
  modf: (args) => [Math.trunc(args.number(0)), args.number(0) % 1],
  pow: (args) => [args.number(0) ** args.number(1)],
  sqrt: (args) => [Math.sqrt(args.number(0))],
};
