using Fairlead.Dev.Cel;

namespace Fairlead.Dev.Tests.Cel;

public sealed class MacroTests
{
    private const string Document = """
        {"name": "x", "none": null, "list": [1, 2, 3], "map": {"a": 1, "b": 2},
         "items": [{"key": "k", "n": 5}, {"key": "l", "n": 15}], "nested": {"deep": {"value": 1}}}
        """;

    [Theory]
    [InlineData("has(self.name) && !has(self.absent) && has(self.none)")]
    [InlineData("has(self.nested.deep.value) && !has(self.nested.other)")]
    [InlineData("self.list.all(x, x > 0) && !self.list.all(x, x > 1)")]
    [InlineData("self.list.exists(x, x == 2) && !self.list.exists(x, x == 4)")]
    [InlineData("self.list.exists_one(x, x > 2) && !self.list.exists_one(x, x > 1)")]
    [InlineData("self.list.map(x, x * 2) == [2, 4, 6]")]
    [InlineData("self.list.map(x, x > 1, x * 2) == [4, 6]")]
    [InlineData("self.list.filter(x, x != 2) == [1, 3]")]
    [InlineData("self.map.all(k, self.map[k] > 0) && self.map.exists(k, k == 'b')")]
    [InlineData("self.map.map(k, k) == ['a', 'b'] && self.map.filter(k, self.map[k] > 1) == ['b']")]
    [InlineData("self.items.exists(w, w.key == 'k' && w.n < 10)")]
    [InlineData("self.items.filter(e, e.key == 'l').all(e, e.n == 15)")]
    [InlineData("self.list.all(x, self.list.exists(y, x == y))")]
    [InlineData("self.list.map(self, self + 1) == [2, 3, 4]")]
    [InlineData("[].all(x, false) && ![].exists(x, true)")]
    [InlineData("self.list.all(i, v, v == i + 1)")]
    [InlineData("self.map.exists(k, v, k == 'b' && v == 2)")]
    [InlineData("self.map.existsOne(k, v, v == 1)")]
    [InlineData("self.list.transformList(i, v, i * v) == [0, 2, 6]")]
    [InlineData("self.list.transformList(i, v, v > 1, i) == [1, 2]")]
    [InlineData("self.map.transformMap(k, v, v * 10) == {'a': 10, 'b': 20}")]
    [InlineData("self.map.transformMap(k, v, v > 1, v) == {'b': 2}")]
    [InlineData("self.map.transformMapEntry(k, v, {v: k}) == {1: 'a', 2: 'b'}")]
    public void A_macro_walks_lists_and_maps(string expression) => Assert.True(Expressions.IsTrue(expression, Document));

    [Theory]
    [InlineData("self.name.all(x, true)")]
    [InlineData("self.absent.all(x, true)")]
    [InlineData("has(self.name.deep)")]
    [InlineData("has(self.absent.deep)")]
    [InlineData("self.list.exists_one(x, 1 / (x - 1) == 1)")]
    [InlineData("self.map.transformMapEntry(k, v, {'same': v})")]
    public void A_macro_over_what_cannot_be_walked_fails(string expression) =>
        Expressions.EvaluationFault(expression, Document);

    [Fact]
    public void Bind_is_known_where_it_is_allowed()
    {
        var environment = Expressions.Environment with { AllowBind = true };
        var program = CelProgram.Compile("cel.bind(x, 'a' + 'b', x + x) == 'abab'", environment, CelKind.Bool);
        Assert.Equal(CelValue.True, program.Evaluate(new Dictionary<string, CelValue>()));
    }
}
