import { BodyBudget } from './body-budget.ts';

describe('What unfinished requests may hold', () => {
  it('is bounded for one address and for all together', () => {
    const budget = new BodyBudget(10, 100, 40);
    expect(budget.open('a').add(40)).toBe(true);
    expect(budget.open('a').add(1)).toBe(false);
    expect(budget.open('b').add(40)).toBe(true);
    expect(budget.open('c').add(21)).toBe(false);
    expect(budget.open('c').add(20)).toBe(true);
    expect(budget.held).toBe(100);
  });

  it('always has room for one request of the largest', () => {
    expect(new BodyBudget(1_000_000, 10, 10).open('a').add(1_000_000)).toBe(true);
  });

  it('is there again for others once it was given back', () => {
    const budget = new BodyBudget(10, 10, 10);
    const holding = budget.open('a');
    holding.add(10);
    holding.release();
    holding.addAnswer(50);
    expect(budget.open('b').add(1)).toBe(false);
    holding.end();
    holding.addAnswer(50);
    holding.end();
    expect(budget.held).toBe(0);
    expect(budget.addresses).toBe(1);
    expect(budget.open('b').add(10)).toBe(true);
  });
});
