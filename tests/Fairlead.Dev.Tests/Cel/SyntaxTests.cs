using Fairlead.Dev.Cel;

namespace Fairlead.Dev.Tests.Cel;

public sealed class SyntaxTests
{
    [Theory]
    [InlineData("1 + 2 * 3 == 7")]
    [InlineData("(1 + 2) * 3 == 9")]
    [InlineData("10 - 2 - 3 == 5")]
    [InlineData("100 / 10 / 5 == 2")]
    [InlineData("7 % 4 + 1 == 4")]
    [InlineData("1 + 1 == 2 && 2 < 3 || false")]
    [InlineData("true || false && false")]
    [InlineData("(true ? 1 : 2) == 1")]
    [InlineData("(false ? 1 : true ? 2 : 3) == 2")]
    [InlineData("!false && !!true")]
    [InlineData("- -1 == 1")]
    [InlineData("-(1 + 2) == -3")]
    [InlineData("1 - -1 == 2")]
    [InlineData("1-1 == 0")]
    [InlineData("-9223372036854775808 < 0")]
    [InlineData("0x1F == 31 && 0xFu == 15u")]
    [InlineData("1e3 == 1000.0 && .5 == 0.5 && 1.5e-1 == 0.15")]
    [InlineData("[1, 2, 3,][2] == 3")]
    [InlineData("{'a': 1, 'b': 2,}.b == 2")]
    [InlineData("1 in [1] == true")]
    [InlineData("'a' + \"b\" == 'ab' // a comment")]
    [InlineData("// a comment\n1 == 1")]
    [InlineData(".size('abc') == 3")]
    [InlineData("-2.5.size == 1 || true", "field selection")]
    public void An_expression_reads_with_the_precedence_of_the_grammar(string expression, string? fault = null)
    {
        if (fault is null)
            Assert.True(Expressions.IsTrue(expression));
        else
            Assert.Contains(fault, Expressions.CompileFault(expression).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""'\n' == "\n" && '\t' != '\n'""")]
    [InlineData("""'\x41\u0042\103' == 'ABC'""")]
    [InlineData("""'\U0001F600'.size() == 1""")]
    [InlineData("""r'\n' == '\\n' && R"\d" == '\\d'""")]
    [InlineData("""b'\xff' == b'\377' && b'abc'.size() == 3""")]
    [InlineData("""b'ÿ'.size() == 2 && br'\x' == rb'\x'""")]
    [InlineData("'''it's\n\"quoted\"''' == 'it\\'s\\n\"quoted\"'")]
    [InlineData("\"\"\"a\"b\"\"\" == 'a\"b'")]
    [InlineData("'' == \"\" && '''''' == ''")]
    public void A_string_literal_reads_in_all_its_quotings(string expression) => Assert.True(Expressions.IsTrue(expression));

    [Theory]
    [InlineData("", 1, 1, "unexpected end of expression")]
    [InlineData("1 +", 1, 4, "unexpected end of expression")]
    [InlineData("(1", 1, 3, "expected ')'")]
    [InlineData("[1, 2", 1, 6, "',' or ']'")]
    [InlineData("[,]", 1, 2, "unexpected ','")]
    [InlineData("{'a' 1}", 1, 6, "expected ':'")]
    [InlineData("self.\n  foo.", 2, 7, "a field name")]
    [InlineData("self = 1", 1, 6, "unexpected character '='")]
    [InlineData("self.true", 1, 6, "a field name")]
    [InlineData("1 1", 1, 3, "unexpected '1'")]
    [InlineData("'abc", 1, 1, "not closed")]
    [InlineData("'a\nb'", 1, 1, "not closed")]
    [InlineData("'\\q'", 1, 2, "unknown escape")]
    [InlineData("'\\ud800'", 1, 2, "no Unicode character")]
    [InlineData("b'\\u0041'", 1, 3, "unknown escape")]
    [InlineData("for", 1, 1, "reserved word")]
    [InlineData("9223372036854775808", 1, 1, "does not fit 64 bits")]
    [InlineData("1 + 18446744073709551616u", 1, 5, "does not fit 64 bits")]
    [InlineData("true ? 1", 1, 9, "expected ':'")]
    [InlineData("self.x(1,)", 1, 10, "unexpected ')'")]
    [InlineData("Message{field: 1}", 1, 8, "unexpected '{'")]
    public void A_syntax_error_names_its_place(string expression, int line, int column, string reason)
    {
        var fault = Expressions.CompileFault(expression);
        Assert.Contains(reason, fault.Reason, StringComparison.Ordinal);
        Assert.Equal((line, column), (fault.Line, fault.Column));
        Assert.StartsWith($"{line}:{column}: ", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("foo == 1", 1, 1, "undeclared reference to 'foo'")]
    [InlineData("self.all(x, y == 1)", 1, 13, "undeclared reference to 'y'")]
    [InlineData("self.all(x, x == 1) && x", 1, 24, "undeclared reference to 'x'")]
    [InlineData("frobnicate(1)", 1, 1, "undeclared reference to 'frobnicate'")]
    [InlineData("self.frobnicate()", 1, 6, "undeclared reference to 'frobnicate'")]
    [InlineData("self.startsWith()", 1, 5, "no matching overload for 'startsWith'")]
    [InlineData("self.startsWith('a', 'b')", 1, 5, "no matching overload for 'startsWith'")]
    [InlineData("size()", 1, 1, "no matching overload for 'size'")]
    [InlineData("'a'.matches(1)", 1, 4, "applied to '(string, int)'")]
    [InlineData("1 + 'a'", 1, 3, "no matching overload for '_+_' applied to '(int, string)'")]
    [InlineData("1 == 'a'", 1, 3, "no matching overload for '_==_'")]
    [InlineData("1 == 1.0", 1, 3, "no matching overload for '_==_'")]
    [InlineData("1 in ['a']", 1, 3, "no matching overload for '_in_'")]
    [InlineData("1 && true", 1, 1, "expected type 'bool' but found 'int'")]
    [InlineData("'a' ? 1 : 2", 1, 1, "expected type 'bool' but found 'string'")]
    [InlineData("true ? 1 : 'a'", 1, 6, "no matching overload for '_?_:_'")]
    [InlineData("[1, 'a']", 1, 5, "must have one type")]
    [InlineData("{1.5: 2}", 1, 2, "a map key cannot be of type 'double'")]
    [InlineData("!1", 1, 1, "no matching overload for '!_'")]
    [InlineData("-'a'", 1, 1, "no matching overload for '-_'")]
    [InlineData("has(self)", 1, 1, "invalid argument to has()")]
    [InlineData("has(self.a, self.b)", 1, 1, "invalid argument to has()")]
    [InlineData("self.all(x)", 1, 5, "the macro 'all' does not take 1 arguments")]
    [InlineData("self.all(x.y, true)", 1, 11, "must be a simple identifier")]
    [InlineData("self.all(i, i, true)", 1, 13, "must differ")]
    [InlineData("self.filter(x, 1)", 1, 16, "expected type 'bool'")]
    [InlineData("'abc'.map(x, x)", 1, 6, "cannot be the range of a comprehension")]
    [InlineData("self.matches('[')", 1, 14, "invalid matches argument")]
    [InlineData("duration('1x') == self", 1, 10, "invalid duration argument")]
    [InlineData("timestamp('today') == self", 1, 11, "invalid timestamp argument")]
    [InlineData("cel.bind(x, 1, x)", 1, 5, "undeclared reference to 'bind'")]
    public void What_cannot_work_is_rejected_before_evaluation(string expression, int line, int column, string reason)
    {
        var fault = Expressions.CompileFault(expression);
        Assert.Contains(reason, fault.Reason, StringComparison.Ordinal);
        Assert.Equal((line, column), (fault.Line, fault.Column));
    }

    [Theory]
    [InlineData("'text'", "string")]
    [InlineData("1 + 1", "int")]
    [InlineData("self.map(x, x)", "list(dyn)")]
    [InlineData("true ? 'a' : 'b'", "string")]
    [InlineData("size(self)", "int")]
    public void A_rule_that_gives_no_bool_is_rejected_where_a_bool_is_expected(string expression, string type)
    {
        var fault = Assert.Throws<CelCompileException>(() => CelProgram.Compile(expression, Expressions.Environment, CelKind.Bool));
        Assert.Contains($"must evaluate to bool, but the expression gives {type}", fault.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("self == oldSelf", true)]
    [InlineData("self.exists(oldSelf, oldSelf == 1)", false)]
    [InlineData("self.oldSelf == 1", false)]
    [InlineData("self.exists(x, x == oldSelf)", true)]
    public void A_program_tells_which_variables_it_names(string expression, bool isTransition) =>
        Assert.Equal(isTransition, Expressions.Compile(expression).References.Contains("oldSelf"));

    [Fact]
    public void A_rule_whose_type_shows_only_at_evaluation_compiles_where_a_bool_is_expected() =>
        Assert.Equal(CelKind.Dyn, CelProgram.Compile("self.enabled", Expressions.Environment, CelKind.Bool).ResultKind);
}
