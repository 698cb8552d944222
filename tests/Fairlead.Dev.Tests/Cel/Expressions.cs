using System.Text.Json.Nodes;
using Fairlead.Dev.Cel;

namespace Fairlead.Dev.Tests.Cel;

/// <summary>Compiles and evaluates in one step, with <c>self</c> and <c>oldSelf</c> declared.</summary>
internal static class Expressions
{
    public static readonly CelEnvironment Environment = CelEnvironment.Empty.Declare("self").Declare("oldSelf");

    public static CelProgram Compile(string expression) => CelProgram.Compile(expression, Environment);

    public static CelValue Evaluate(string expression, string self = "null", string oldSelf = "null") =>
        Compile(expression).Evaluate(new Dictionary<string, CelValue>
        {
            ["self"] = CelValue.FromJson(JsonNode.Parse(self)),
            ["oldSelf"] = CelValue.FromJson(JsonNode.Parse(oldSelf)),
        });

    public static bool IsTrue(string expression, string self = "null", string oldSelf = "null") =>
        Evaluate(expression, self, oldSelf).TryGetBool(out var value) && value;

    public static CelCompileException CompileFault(string expression) =>
        Assert.Throws<CelCompileException>(() => Compile(expression));

    public static CelEvaluationException EvaluationFault(string expression, string self = "null") =>
        Assert.Throws<CelEvaluationException>(() => Evaluate(expression, self));
}
