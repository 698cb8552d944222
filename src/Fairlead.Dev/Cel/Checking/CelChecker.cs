using System.Collections.Immutable;
using Fairlead.Dev.Cel.Syntax;
using Fairlead.Dev.Cel.Values;

namespace Fairlead.Dev.Cel.Checking;

/// <summary>
/// Rejects what can be told wrong before evaluation: undeclared variables and fields, calls no overload fits, conditions that are
/// no bool, lists of mixed literals. Whatever is dynamic passes.
/// </summary>
internal sealed class CelChecker(CelSource source, ImmutableDictionary<string, CelType> variables)
{
    private readonly HashSet<string> _references = new(StringComparer.Ordinal);

    /// <summary>How many calls that take mixed literals enclose the node.</summary>
    private int _mixedLiterals;

    /// <summary>The declared variables the checked expression names.</summary>
    public IReadOnlySet<string> References => _references;

    public CelType Check(CelNode node) => Check(node, ImmutableDictionary<string, CelType>.Empty);

    private CelType Check(CelNode node, ImmutableDictionary<string, CelType> scope) => node switch
    {
        LiteralNode literal => CelType.Of(literal.Value.Kind),
        IdentifierNode identifier => Identifier(identifier, scope),
        SelectNode select => Select(select, scope),
        IndexNode index => Index(index, scope),
        CallNode call => Call(call, scope),
        LogicalNode logical => Logical(logical, scope),
        ConditionalNode conditional => Conditional(conditional, scope),
        ListNode list => List(list, scope),
        MapNode map => Map(map, scope),
        ComprehensionNode comprehension => Comprehension(comprehension, scope),
        BindNode bind => Bind(bind, scope),
        _ => throw new InvalidOperationException($"No check for a {node.GetType().Name}."),
    };

    private CelType Identifier(IdentifierNode node, ImmutableDictionary<string, CelType> scope)
    {
        if (scope.TryGetValue(node.Name, out var type))
            return type;
        if (variables.TryGetValue(node.Name, out type))
        {
            _references.Add(node.Name);
            return type;
        }
        return CelKinds.TryParse(node.Name, out _)
            ? CelType.Type
            : throw source.Error(node.Position, $"undeclared reference to '{node.Name}'");
    }

    private CelType Select(SelectNode node, ImmutableDictionary<string, CelType> scope)
    {
        var operand = Check(node.Operand, scope);
        var chained = operand.Kind == CelKind.Optional;
        if (chained)
            operand = operand.Element ?? CelType.Dyn;
        var field = Field(node, operand);
        return node.Test ? CelType.Bool : chained || node.Optional ? CelType.OptionalOf(field) : field;
    }

    private CelType Field(SelectNode node, CelType operand)
    {
        if (operand.Kind is not (CelKind.Dyn or CelKind.Map))
            throw source.Error(node.Position, $"type '{operand}' does not support field selection");
        if (operand.Fields is null)
            return operand.Element ?? CelType.Dyn;
        return operand.Fields.TryGetValue(node.Field, out var type)
            ? type
            : throw source.Error(node.Position, $"undefined field '{node.Field}'");
    }

    private CelType Index(IndexNode node, ImmutableDictionary<string, CelType> scope)
    {
        var operand = Check(node.Operand, scope);
        var index = Check(node.Index, scope);
        var chained = operand.Kind == CelKind.Optional;
        if (chained)
            operand = operand.Element ?? CelType.Dyn;
        var fits = operand.Kind switch
        {
            CelKind.Dyn => true,
            CelKind.List => index.Kind is CelKind.Dyn or CelKind.Int or CelKind.Uint or CelKind.Double,
            CelKind.Map => operand.Fields is null,
            _ => false,
        };
        if (!fits)
            throw NoOverload(node.Position, "_[_]", [operand, index]);
        var element = operand.Element ?? CelType.Dyn;
        return chained || node.Optional ? CelType.OptionalOf(element) : element;
    }

    private CelType Call(CallNode node, ImmutableDictionary<string, CelType> scope)
    {
        var arguments = new CelType[node.Arguments.Length];
        var takesMixedLiterals = node.Function.Name == "format";
        _mixedLiterals += takesMixedLiterals ? 1 : 0;
        for (var i = 0; i < arguments.Length; i++)
            arguments[i] = Check(node.Arguments[i], scope);
        _mixedLiterals -= takesMixedLiterals ? 1 : 0;
        if (node.Function.Name is "_==_" or "_!=_" && !CelType.Comparable(arguments[0], arguments[1]))
            throw NoOverload(node.Position, node.Function.Name, arguments);
        if (node.Function.Name is "_in_" && arguments[1] is { Kind: CelKind.List, Element: { } element } && !CelType.Comparable(arguments[0], element))
            throw NoOverload(node.Position, node.Function.Name, arguments);
        if (node.Function.Name is "_in_" && arguments[1].Fields is not null)
            throw NoOverload(node.Position, node.Function.Name, arguments);
        CelType? result = null;
        foreach (var overload in node.Function.Overloads)
        {
            if (overload.MayAccept(arguments))
                result = result is null ? overload.Result : CelType.Join(result, overload.Result);
        }
        LiteralChecks.Check(source, node);
        return result ?? throw NoOverload(node.Position, node.Function.Name, arguments);
    }

    private CelType Logical(LogicalNode node, ImmutableDictionary<string, CelType> scope)
    {
        foreach (var operand in node.Operands)
            RequireBool(operand, scope, node.IsAnd ? "_&&_" : "_||_");
        return CelType.Bool;
    }

    private CelType Conditional(ConditionalNode node, ImmutableDictionary<string, CelType> scope)
    {
        RequireBool(node.Condition, scope, "_?_:_");
        var then = Check(node.Then, scope);
        var otherwise = Check(node.Else, scope);
        return CelType.Comparable(then, otherwise)
            ? CelType.Join(then, otherwise)
            : throw NoOverload(node.Position, "_?_:_", [CelType.Bool, then, otherwise]);
    }

    private CelType List(ListNode node, ImmutableDictionary<string, CelType> scope)
    {
        CelType? element = null;
        foreach (var item in node.Elements)
            element = Homogeneous(item.Value, element, Unwrapped(item.Value, item.Optional, scope));
        return element is null ? CelType.List : CelType.ListOf(element);
    }

    private CelType Map(MapNode node, ImmutableDictionary<string, CelType> scope)
    {
        CelType? keys = null, values = null;
        foreach (var entry in node.Entries)
        {
            var key = Check(entry.Key, scope);
            if (key.Kind is not (CelKind.Dyn or CelKind.Bool or CelKind.Int or CelKind.Uint or CelKind.String))
                throw source.Error(entry.Key.Position, $"a map key cannot be of type '{key}'");
            keys = Homogeneous(entry.Key, keys, key);
            values = Homogeneous(entry.Value, values, Unwrapped(entry.Value, entry.Optional, scope));
        }
        return values is null ? CelType.Map : CelType.MapOf(values);
    }

    private CelType Unwrapped(CelNode node, bool optional, ImmutableDictionary<string, CelType> scope)
    {
        var type = Check(node, scope);
        if (!optional)
            return type;
        return type.Kind is CelKind.Optional or CelKind.Dyn
            ? type.Element ?? CelType.Dyn
            : throw source.Error(node.Position, $"expected an optional value after '?', found '{type}'");
    }

    // Kubernetes compiles with homogeneous aggregate literals, save within the arguments of format().
    private CelType Homogeneous(CelNode node, CelType? seen, CelType next)
    {
        if (seen is null)
            return next;
        return _mixedLiterals > 0 || CelType.Comparable(seen, next)
            ? CelType.Join(seen, next)
            : throw source.Error(node.Position, $"expected type '{seen}' but found '{next}': the elements of a literal must have one type");
    }

    private CelType Comprehension(ComprehensionNode node, ImmutableDictionary<string, CelType> scope)
    {
        var range = Check(node.Range, scope);
        if (range.Kind is not (CelKind.Dyn or CelKind.List or CelKind.Map) || range.Fields is not null)
            throw source.Error(node.Position, $"expression of type '{range}' cannot be the range of a comprehension: it must be a list or a map");
        var element = range.Element ?? CelType.Dyn;
        var inner = (range.Kind, node.Second) switch
        {
            (CelKind.List, null) => scope.SetItem(node.First, element),
            (CelKind.List, { } second) => scope.SetItem(node.First, CelType.Int).SetItem(second, element),
            (_, null) => scope.SetItem(node.First, CelType.Dyn),
            (_, { } second) => scope.SetItem(node.First, CelType.Dyn).SetItem(second, element),
        };
        if (node.Filter is not null)
            RequireBool(node.Filter, inner, "_?_:_");
        switch (node.Kind)
        {
            case ComprehensionKind.Map:
                return CelType.ListOf(Check(node.Body, inner));
            case ComprehensionKind.TransformMap:
                return CelType.MapOf(Check(node.Body, inner));
            case ComprehensionKind.TransformMapEntry:
                var entry = Check(node.Body, inner);
                return entry.Kind is CelKind.Map or CelKind.Dyn
                    ? CelType.Map
                    : throw source.Error(node.Body.Position, $"transformMapEntry needs a map with one entry, found '{entry}'");
            case ComprehensionKind.Filter:
                RequireBool(node.Body, inner, "filter");
                return range.Kind == CelKind.List ? range : CelType.List;
            default:
                RequireBool(node.Body, inner, node.Kind == ComprehensionKind.All ? "_&&_" : "_||_");
                return CelType.Bool;
        }
    }

    private CelType Bind(BindNode node, ImmutableDictionary<string, CelType> scope)
    {
        var value = Check(node.Value, scope);
        if (node.Kind == BindKind.Plain)
            return Check(node.Body, scope.SetItem(node.Name, value));
        if (value.Kind is not (CelKind.Dyn or CelKind.Optional))
            throw source.Error(node.Position, $"expected an optional value, found '{value}'");
        var body = Check(node.Body, scope.SetItem(node.Name, value.Element ?? CelType.Dyn));
        if (node.Kind == BindKind.OptionalMap)
            return CelType.OptionalOf(body);
        return body.Kind is CelKind.Dyn or CelKind.Optional
            ? body
            : throw source.Error(node.Body.Position, $"optFlatMap needs an optional value, found '{body}'");
    }

    private void RequireBool(CelNode node, ImmutableDictionary<string, CelType> scope, string function)
    {
        var type = Check(node, scope);
        if (type.Kind is not (CelKind.Bool or CelKind.Dyn))
            throw source.Error(node.Position, $"expected type 'bool' but found '{type}' as an operand of '{function}'");
    }

    private CelCompileException NoOverload(int position, string function, ReadOnlySpan<CelType> arguments) =>
        source.Error(position, $"found no matching overload for '{function}' applied to '({string.Join(", ", arguments.ToArray().AsEnumerable())})'");
}
