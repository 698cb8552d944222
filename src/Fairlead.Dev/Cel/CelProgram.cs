using Fairlead.Dev.Cel.Checking;
using Fairlead.Dev.Cel.Evaluation;
using Fairlead.Dev.Cel.Syntax;
using Fairlead.Dev.Cel.Values;

namespace Fairlead.Dev.Cel;

/// <summary>A compiled expression. Immutable and safe to evaluate from many threads at once, each with its own budget.</summary>
public sealed class CelProgram
{
    private readonly CelSource _source;
    private readonly CelNode _root;
    private readonly RegexCache _patterns = new();

    private CelProgram(CelSource source, CelNode root, CelKind resultKind, IReadOnlySet<string> references)
    {
        _source = source;
        _root = root;
        ResultKind = resultKind;
        References = references;
    }

    /// <summary>The type of the result as far as compilation can tell.</summary>
    public CelKind ResultKind { get; }

    /// <summary>The variables the expression names; a validation rule that names <c>oldSelf</c> is a transition rule.</summary>
    public IReadOnlySet<string> References { get; }

    /// <summary>Parses and checks an expression.</summary>
    /// <param name="expression">The text of the expression, at most 100,000 characters.</param>
    /// <param name="environment">The variables it may name.</param>
    /// <param name="expected">The type the result must be able to have; dynamic for any.</param>
    /// <exception cref="CelCompileException">The expression is no valid program of this environment or gives another type.</exception>
    public static CelProgram Compile(string expression, CelEnvironment environment, CelKind expected = CelKind.Dyn)
    {
        ArgumentNullException.ThrowIfNull(expression);
        ArgumentNullException.ThrowIfNull(environment);
        var source = new CelSource(expression);
        var root = CelParser.Parse(source, environment.Functions, environment.AllowBind);
        var checker = new CelChecker(source, environment.Variables);
        var type = checker.Check(root);
        if (expected != CelKind.Dyn && type.Kind != CelKind.Dyn && type.Kind != expected)
            throw source.Error(0, $"must evaluate to {CelKinds.Name(expected)}, but the expression gives {type}");
        return new CelProgram(source, root, type.Kind, checker.References);
    }

    /// <summary>Evaluates the expression and takes its cost from the budget, also when it fails.</summary>
    /// <param name="variables">A value for each variable the evaluation reaches; others may be left out.</param>
    /// <param name="budget">What the expression may cost; null for Kubernetes' limit for one expression.</param>
    /// <exception cref="CelEvaluationException">There is no value: a field is missing, a type does not fit, the budget ran out…</exception>
    public CelValue Evaluate(IReadOnlyDictionary<string, CelValue> variables, CelBudget? budget = null)
    {
        ArgumentNullException.ThrowIfNull(variables);
        budget ??= CelBudget.ForObject();
        var meter = new CelCostMeter(_source, budget.NextLimit);
        try
        {
            var value = new CelEvaluation(variables, meter, _patterns).Evaluate(_root);
            return value is CelError error ? throw _source.Error(error.Position, error.Reason, error.Message) : value;
        }
        finally
        {
            budget.Spend(meter.Spent);
        }
    }
}
