using System.Text.Json.Nodes;
using Fairlead.Dev.Cel;

namespace Fairlead.Dev.Tests.Cel;

public sealed class BudgetTests
{
    private static readonly Dictionary<string, CelValue> Variables = new()
    {
        ["self"] = CelValue.FromJson(new JsonArray([.. Enumerable.Range(0, 300).Select(i => JsonValue.Create(i))])),
    };

    [Fact]
    public void An_expression_that_costs_too_much_is_stopped()
    {
        var program = Expressions.Compile("self.all(a, self.all(b, self.all(c, a + b + c >= 0)))");
        var budget = CelBudget.ForObject();
        var fault = Assert.Throws<CelEvaluationException>(() => program.Evaluate(Variables, budget));
        Assert.Equal(CelErrorReason.BudgetExceeded, fault.Reason);
        Assert.InRange(budget.Remaining, 0, CelBudget.KubernetesPerObject - CelBudget.KubernetesPerExpression);
    }

    [Fact]
    public void No_operator_absorbs_the_stop()
    {
        var program = Expressions.Compile("self.all(a, self.all(b, self.all(c, true))) || true");
        var fault = Assert.Throws<CelEvaluationException>(() => program.Evaluate(Variables, CelBudget.ForObject()));
        Assert.Equal(CelErrorReason.BudgetExceeded, fault.Reason);
    }

    [Fact]
    public void Expressions_of_one_object_share_its_budget()
    {
        var program = Expressions.Compile("self.all(a, a >= 0)");
        var budget = new CelBudget(total: 3000, perExpression: 2000);
        program.Evaluate(Variables, budget);
        var first = budget.Remaining;
        Assert.InRange(first, 1000, 2999);
        while (budget.Remaining >= 3000 - first)
            program.Evaluate(Variables, budget);
        var fault = Assert.Throws<CelEvaluationException>(() => program.Evaluate(Variables, budget));
        Assert.Equal(CelErrorReason.BudgetExceeded, fault.Reason);
        Assert.InRange(budget.Remaining, 0, 0);
    }

    [Fact]
    public void The_cost_is_the_same_each_time()
    {
        var program = Expressions.Compile("self.map(x, string(x)).join(',').size() > 0");
        Assert.Equal(Cost(), Cost());

        long Cost()
        {
            var budget = CelBudget.ForObject();
            program.Evaluate(Variables, budget);
            return CelBudget.KubernetesPerObject - budget.Remaining;
        }
    }

    [Fact]
    public void A_long_text_costs_more_than_a_short_one()
    {
        var program = Expressions.Compile("self.contains('x')");
        Assert.True(Cost(new string('a', 10_000)) > Cost("a") + 900);

        long Cost(string text)
        {
            var budget = CelBudget.ForObject();
            program.Evaluate(new Dictionary<string, CelValue> { ["self"] = CelValue.Of(text) }, budget);
            return CelBudget.KubernetesPerObject - budget.Remaining;
        }
    }

    [Theory]
    [InlineData("[self].map(x, [x, x])", ".map(x, [x, x])", " == dyn([[0]])")]
    [InlineData("[self].map(x, [x, x])", ".map(x, [x, x])", " in dyn([[[0]]])")]
    [InlineData("[self].map(x, [x, x])", ".map(x, [x, x])", ".map(x, '%s'.format([x])) == ['']")]
    [InlineData("[self].map(x, {'l': x, 'r': x})", ".map(x, {'l': x, 'r': x})", ".indexOf({'l': 1}) == 0")]
    public void Values_that_share_their_parts_over_and_over_cost_as_if_they_did_not(string start, string link, string end)
    {
        var program = Expressions.Compile(start + string.Concat(Enumerable.Repeat(link, 60)) + end);
        var same = CelValue.Of([CelValue.Of(1L)]);
        var fault = Assert.Throws<CelEvaluationException>(() => program.Evaluate(new Dictionary<string, CelValue> { ["self"] = same }));
        Assert.Equal(CelErrorReason.BudgetExceeded, fault.Reason);
    }

    [Theory]
    [InlineData("self.replace('', self).size() > 0")]
    [InlineData("self.split('').join(self).size() > 0")]
    [InlineData("self.split('').map(x, self).join().size() > 0")]
    [InlineData("'%s'.format([self.split('').map(x, self)]).size() > 0")]
    public void A_call_that_would_make_a_huge_text_is_stopped_before_it_does(string expression)
    {
        var program = Expressions.Compile(expression);
        var variables = new Dictionary<string, CelValue> { ["self"] = CelValue.Of(new string('a', 50_000)) };
        var fault = Assert.Throws<CelEvaluationException>(() => program.Evaluate(variables));
        Assert.Equal(CelErrorReason.BudgetExceeded, fault.Reason);
    }

    [Fact]
    public void Doubling_a_text_over_and_over_is_stopped_before_memory_runs_out()
    {
        var doubled = "[self]" + string.Concat(Enumerable.Repeat(".map(x, x + x)", 60));
        var program = Expressions.Compile(doubled + ".size() == 1");
        var fault = Assert.Throws<CelEvaluationException>(() =>
            program.Evaluate(new Dictionary<string, CelValue> { ["self"] = CelValue.Of("0123456789") }, CelBudget.ForObject()));
        Assert.Equal(CelErrorReason.BudgetExceeded, fault.Reason);
    }
}
