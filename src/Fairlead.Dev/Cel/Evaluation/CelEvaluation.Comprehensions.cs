using Fairlead.Dev.Cel.Syntax;
using Fairlead.Dev.Cel.Values;

namespace Fairlead.Dev.Cel.Evaluation;

internal sealed partial class CelEvaluation
{
    private CelValue Comprehend(ComprehensionNode node, CelScope? scope)
    {
        var range = Evaluate(node.Range, scope);
        if (range is CelError)
            return range;
        if (range is not (CelList or CelMap))
            return new CelError(CelErrorReason.NoSuchOverload, $"no such overload: a value of type {CelKinds.Name(range.Kind)} cannot be walked by a macro");
        return node.Kind switch
        {
            ComprehensionKind.All => Quantify(node, range, scope, decisive: false),
            ComprehensionKind.Exists => Quantify(node, range, scope, decisive: true),
            ComprehensionKind.ExistsOne => ExistsOne(node, range, scope),
            ComprehensionKind.Filter => Filter(node, range, scope),
            ComprehensionKind.Map => Transform(node, range, scope),
            _ => TransformMap(node, range, scope),
        };
    }

    private CelValue Quantify(ComprehensionNode node, CelValue range, CelScope? scope, bool decisive)
    {
        CelValue? failure = null;
        foreach (var inner in Turns(node, range, scope))
        {
            var value = Evaluate(node.Body, inner);
            if (value is not CelBool verdict)
                failure ??= NotBool(value, node.Body);
            else if (verdict.Value == decisive)
                return verdict;
        }
        return failure ?? CelValue.Of(!decisive);
    }

    private CelValue ExistsOne(ComprehensionNode node, CelValue range, CelScope? scope)
    {
        var matches = 0;
        foreach (var inner in Turns(node, range, scope))
        {
            var value = Evaluate(node.Body, inner);
            if (value is not CelBool verdict)
                return NotBool(value, node.Body);
            matches += verdict.Value ? 1 : 0;
        }
        return CelValue.Of(matches == 1);
    }

    private CelValue Filter(ComprehensionNode node, CelValue range, CelScope? scope)
    {
        var kept = new List<CelValue>();
        foreach (var inner in Turns(node, range, scope))
        {
            var value = Evaluate(node.Body, inner);
            if (value is not CelBool verdict)
                return NotBool(value, node.Body);
            if (verdict.Value)
                kept.Add(inner.Value);
        }
        return new CelList(kept);
    }

    private CelValue Transform(ComprehensionNode node, CelValue range, CelScope? scope)
    {
        var results = new List<CelValue>();
        foreach (var inner in Turns(node, range, scope))
        {
            if (Skips(node, inner) is { } skip)
            {
                if (skip is CelError)
                    return skip;
                continue;
            }
            var value = Evaluate(node.Body, inner);
            if (value is CelError)
                return value;
            results.Add(value);
        }
        return new CelList(results);
    }

    private CelValue TransformMap(ComprehensionNode node, CelValue range, CelScope? scope)
    {
        meter.Charge(CelCostMeter.MapCreation, node.Position);
        var results = new Dictionary<CelValue, CelValue>();
        foreach (var inner in Turns(node, range, scope))
        {
            if (Skips(node, inner) is { } skip)
            {
                if (skip is CelError)
                    return skip;
                continue;
            }
            var value = Evaluate(node.Body, inner);
            if (value is CelError)
                return value;
            var key = inner.Outer!.Value;
            if (node.Kind == ComprehensionKind.TransformMapEntry)
            {
                if (value is not CelMap { Keys: [var only] } entry)
                    return CelError.Invalid("transformMapEntry needs a map with exactly one entry");
                (key, value) = (only, entry[only]);
            }
            if (!results.TryAdd(key, value))
                return CelError.Invalid($"the map key {key} occurs twice");
        }
        return CelMap.From(results);
    }

    /// <summary>Gives null if the filter takes this turn, false if it does not, or the filter's error.</summary>
    private CelValue? Skips(ComprehensionNode node, CelScope inner)
    {
        if (node.Filter is null)
            return null;
        var value = Evaluate(node.Filter, inner);
        if (value is not CelBool verdict)
            return NotBool(value, node.Filter);
        return verdict.Value ? null : verdict;
    }

    /// <summary>Binds the variables of each turn; with two of them, the outer scope holds the index or key.</summary>
    private IEnumerable<CelScope> Turns(ComprehensionNode node, CelValue range, CelScope? scope)
    {
        var map = range as CelMap;
        var items = map?.Keys ?? ((CelList)range).Items;
        for (var i = 0; i < items.Count; i++)
        {
            meter.Charge(1, node.Position);
            yield return node.Second is null
                ? new CelScope(node.First, items[i], scope)
                : new CelScope(node.Second, map is null ? items[i] : map[items[i]], new CelScope(node.First, map is null ? CelValue.Of((long)i) : items[i], scope));
        }
    }
}
