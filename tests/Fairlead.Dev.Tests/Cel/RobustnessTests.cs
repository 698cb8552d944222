using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cel;

namespace Fairlead.Dev.Tests.Cel;

public sealed class RobustnessTests
{
    private static readonly string[] Fragments =
    [
        "self", "oldSelf", "x", "1", "-1", "9223372036854775807", "1u", "1.5", "'a'", "\"b\"", "b'c'", "r'\\d'", "true", "null", "[", "]", "{", "}",
        "(", ")", ".", ",", "?", ":", ".?", "[?", "&&", "||", "!", "-", "+", "*", "/", "%", "==", "<", "in", "has(", ".all(x, ", ".map(x, ",
        ".exists(i, x, ", "size(", ".size()", ".matches('a+')", ".split(',')", "optional.of(", ".orValue(", "type(", "int(", "string(", " ",
        "\n", "//", "'", "\\", "é", "😀", "\ud800", "\0", "for", ".format(", "duration('1s')", "quantity('1')", "ip(", "cidr(", "url(", ".isSorted()",
    ];

    [Fact]
    public void Random_text_compiles_or_is_rejected_with_a_place()
    {
        var random = new Random(20240611);
        for (var round = 0; round < 20_000; round++)
        {
            var text = RandomText(random);
            try
            {
                Expressions.Compile(text);
            }
            catch (CelCompileException fault)
            {
                Assert.True(fault is { Line: > 0, Column: > 0 }, text);
            }
        }
    }

    [Fact]
    public void Whatever_compiles_gives_a_value_or_an_evaluation_fault()
    {
        var random = new Random(7);
        var variables = new Dictionary<string, CelValue>
        {
            ["self"] = CelValue.FromJson(JsonNode.Parse("""{"a": [1, 2.5, "x", null], "b": {"c": true}}""")),
            ["oldSelf"] = CelValue.Of("text"),
        };
        var evaluated = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var text = RandomExpression(random, depth: 4);
            try
            {
                CelProgram.Compile(text, Expressions.Environment).Evaluate(variables, new CelBudget(10_000, 10_000));
                evaluated++;
            }
            catch (Exception fault) when (fault is CelCompileException or CelEvaluationException)
            {
                Assert.NotEmpty(fault.Message);
            }
        }
        Assert.True(evaluated > 1000, $"only {evaluated} random expressions gave a value");
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("[", "]")]
    [InlineData("{'a': ", "}")]
    [InlineData("true ? 1 : (", ")")]
    [InlineData("size(", ")")]
    [InlineData("self[", "]")]
    [InlineData("self.all(x, ", ")")]
    [InlineData("!(", ")")]
    public void Deep_nesting_is_rejected_and_never_overflows_the_stack(string open, string close)
    {
        var deep = string.Concat(Enumerable.Repeat(open, 5_000)) + "self" + string.Concat(Enumerable.Repeat(close, 5_000));
        Assert.Contains("nests deeper than 250 levels", Expressions.CompileFault(deep).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("self", " + 1")]
    [InlineData("self", ".a")]
    [InlineData("self", "[0]")]
    [InlineData("self", ".trim()")]
    public void A_very_long_chain_is_rejected(string start, string link)
    {
        var chain = start + string.Concat(Enumerable.Repeat(link, 5_000));
        Assert.Contains("chains more than 400 operations", Expressions.CompileFault(chain).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_and_chains_within_the_limits_evaluate_on_a_small_stack()
    {
        var nested = new string('(', 240) + "1" + new string(')', 240);
        var walks = string.Concat(Enumerable.Repeat("[true].all(x, ", 240)) + "true" + new string(')', 240);
        var chained = "0" + string.Concat(Enumerable.Repeat(" + 1", 390));
        var alternatives = string.Join(" || ", Enumerable.Repeat("self == 1", 5_000)) + " || true";
        var ok = false;
        // Some platforms give a thread no more than 1 MB.
        var thread = new Thread(
            () => ok = Expressions.IsTrue($"{nested} == 1") && Expressions.IsTrue(walks)
                && Expressions.IsTrue($"{chained} == 390") && Expressions.IsTrue(alternatives),
            maxStackSize: 1024 * 1024);
        thread.Start();
        thread.Join();
        Assert.True(ok);
    }

    [Fact]
    public void A_text_beyond_the_limit_is_rejected() =>
        Assert.Contains("longer than 100000 characters", Expressions.CompileFault(new string(' ', 100_001)).Reason, StringComparison.Ordinal);

    [Fact]
    public void One_program_evaluates_on_many_threads_at_once()
    {
        var program = Expressions.Compile("self.all(x, x.matches('^[a-z]+$'))");
        Parallel.For(0, 200, i =>
        {
            var value = CelValue.Of([CelValue.Of("abc"), CelValue.Of(i % 2 == 0 ? "x" : "X")]);
            Assert.Equal(CelValue.Of(i % 2 == 0), program.Evaluate(new Dictionary<string, CelValue> { ["self"] = value }));
        });
    }

    private static string RandomText(Random random)
    {
        var text = new StringBuilder();
        for (var i = random.Next(12); i >= 0; i--)
            text.Append(Fragments[random.Next(Fragments.Length)]);
        return text.ToString();
    }

    private static string RandomExpression(Random random, int depth)
    {
        if (depth == 0)
            return random.Next(8) switch { 0 => "self.a", 1 => "self.b", 2 => "oldSelf", 3 => "2", 4 => "'x,y'", 5 => "true", 6 => "1.5", _ => "[1, 2]" };
        return random.Next(14) switch
        {
            0 => $"({Next()} + {Next()})",
            1 => $"({Next()} == {Next()})",
            2 => $"({Next()} && {Next()})",
            3 => $"({Next()} || {Next()})",
            4 => $"({Next()} ? {Next()} : {Next()})",
            5 => $"{Next()}.all(x, {Next()})",
            6 => $"{Next()}.map(x, {Next()})",
            7 => $"[{Next()}, {Next()}]",
            8 => $"{Next()}[{Next()}]",
            9 => $"string({Next()})",
            10 => $"size({Next()})",
            11 => $"({Next()} in {Next()})",
            12 => $"dyn({Next()})",
            _ => $"optional.of({Next()}).orValue({Next()})",
        };

        string Next() => RandomExpression(random, random.Next(depth));
    }
}
