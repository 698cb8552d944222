using Fairlead.Dev.Cel.Libraries;
using Fairlead.Dev.Cel.Syntax;
using Fairlead.Dev.Cel.Values;

namespace Fairlead.Dev.Cel.Evaluation;

/// <summary>One run of a program over one set of variables.</summary>
internal sealed partial class CelEvaluation(IReadOnlyDictionary<string, CelValue> variables, CelCostMeter meter, RegexCache patterns)
{
    public RegexCache Patterns { get; } = patterns;

    public CelValue Evaluate(CelNode node) => Evaluate(node, null);

    private CelValue Evaluate(CelNode node, CelScope? scope)
    {
        var value = node switch
        {
            LiteralNode literal => literal.Value,
            IdentifierNode identifier => Identifier(identifier, scope),
            SelectNode select => Select(select, scope),
            IndexNode index => Index(index, scope),
            CallNode call => Call(call, scope),
            LogicalNode logical => Logical(logical, scope),
            ConditionalNode conditional => Conditional(conditional, scope),
            ListNode list => List(list, scope),
            MapNode map => Map(map, scope),
            ComprehensionNode comprehension => Comprehend(comprehension, scope),
            BindNode bind => Bind(bind, scope),
            _ => throw new InvalidOperationException($"No evaluation for a {node.GetType().Name}."),
        };
        return value is CelError error ? error.At(node.Position) : value;
    }

    private CelValue Identifier(IdentifierNode node, CelScope? scope)
    {
        meter.Charge(1, node.Position);
        if (CelScope.TryFind(scope, node.Name, out var value) || variables.TryGetValue(node.Name, out value))
            return value;
        return CelKinds.TryParse(node.Name, out var kind)
            ? new CelTypeValue(kind)
            : new CelError(CelErrorReason.NoSuchVariable, $"no value was given for the variable '{node.Name}'");
    }

    private CelValue Select(SelectNode node, CelScope? scope)
    {
        var operand = Evaluate(node.Operand, scope);
        if (operand is CelError)
            return operand;
        // Kubernetes keeps presence tests free of cost.
        if (!node.Test)
            meter.Charge(1, node.Position);
        if (operand is CelOptional optional)
            return OptionalSelect(node, optional);
        if (operand is not CelMap map)
            return new CelError(CelErrorReason.NoSuchOverload, $"no such overload: a value of type {CelKinds.Name(operand.Kind)} has no field '{node.Field}'");
        var found = map.TryGetField(node.Field, out var value);
        if (node.Test)
            return CelValue.Of(found);
        if (node.Optional)
            return CelValue.Optional(value);
        return found ? value! : CelError.NoSuchKey(node.Field);
    }

    private static CelValue OptionalSelect(SelectNode node, CelOptional optional)
    {
        CelValue? value = null;
        if (optional.Value is CelMap map)
            map.TryGetField(node.Field, out value);
        else if (optional.Value is not null)
            return new CelError(CelErrorReason.NoSuchOverload, $"no such overload: a value of type {CelKinds.Name(optional.Value.Kind)} has no field '{node.Field}'");
        return node.Test ? CelValue.Of(value is not null) : CelValue.Optional(value);
    }

    private CelValue Index(IndexNode node, CelScope? scope)
    {
        var operand = Evaluate(node.Operand, scope);
        if (operand is CelError)
            return operand;
        var index = Evaluate(node.Index, scope);
        if (index is CelError)
            return index;
        meter.Charge(1, node.Position);
        if (operand is CelOptional optional)
            return optional.Value is null ? CelOptional.None : AsOptional(Indexing.Get(optional.Value, index));
        var value = Indexing.Get(operand, index);
        return node.Optional ? AsOptional(value) : value;
    }

    private static CelValue AsOptional(CelValue value) => value switch
    {
        CelError { Reason: CelErrorReason.NoSuchField or CelErrorReason.IndexOutOfRange } => CelOptional.None,
        CelError => value,
        _ => CelValue.Optional(value),
    };

    private CelValue Call(CallNode node, CelScope? scope)
    {
        var arguments = new CelValue[node.Arguments.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = Evaluate(node.Arguments[i], scope);
            if (arguments[i] is CelError)
                return arguments[i];
        }
        meter.Charge(1, node.Position);
        meter.ChargeTraversal(CallCost.Of(node.Function.Name, arguments, meter.AffordableElements), node.Position);
        var overload = node.Function.Resolve(arguments);
        return overload is null
            ? new CelError(CelErrorReason.NoSuchOverload, $"no such overload: {node.Function.Name}({string.Join(", ", arguments.Select(a => CelKinds.Name(a.Kind)))})")
            : overload.Body(new CelArguments(arguments, this));
    }

    private CelValue Logical(LogicalNode node, CelScope? scope)
    {
        // One operand that decides wins over errors on either side of it; without one, the first error stands.
        CelValue? failure = null;
        foreach (var operand in node.Operands)
        {
            var value = Evaluate(operand, scope);
            if (value is not CelBool condition)
                failure ??= NotBool(value, operand);
            else if (condition.Value != node.IsAnd)
                return condition;
        }
        meter.Charge(1, node.Position);
        return failure ?? CelValue.Of(node.IsAnd);
    }

    private static CelError NotBool(CelValue value, CelNode node) =>
        value as CelError ?? new CelError(CelErrorReason.NoSuchOverload, $"no such overload: expected a bool, found {CelKinds.Name(value.Kind)}", node.Position);

    private CelValue Conditional(ConditionalNode node, CelScope? scope)
    {
        var condition = Evaluate(node.Condition, scope);
        return condition is CelBool choice
            ? Evaluate(choice.Value ? node.Then : node.Else, scope)
            : NotBool(condition, node.Condition);
    }

    private CelValue List(ListNode node, CelScope? scope)
    {
        meter.Charge(CelCostMeter.ListCreation, node.Position);
        var items = new List<CelValue>(node.Elements.Length);
        foreach (var element in node.Elements)
        {
            var value = Evaluate(element.Value, scope);
            if (element.Optional)
            {
                if (Unwrap(value, element.Value) is not { } present)
                    continue;
                value = present;
            }
            if (value is CelError)
                return value;
            items.Add(value);
        }
        return new CelList(items);
    }

    private CelValue Map(MapNode node, CelScope? scope)
    {
        meter.Charge(CelCostMeter.MapCreation, node.Position);
        var entries = new List<KeyValuePair<CelValue, CelValue>>(node.Entries.Length);
        var keys = new HashSet<CelValue>();
        foreach (var entry in node.Entries)
        {
            var key = Evaluate(entry.Key, scope);
            if (key is CelError)
                return key;
            if (!Indexing.IsKey(key))
                return new CelError(CelErrorReason.NoSuchOverload, $"unsupported key type: {CelKinds.Name(key.Kind)}", entry.Key.Position);
            var value = Evaluate(entry.Value, scope);
            if (entry.Optional)
            {
                if (Unwrap(value, entry.Value) is not { } present)
                    continue;
                value = present;
            }
            if (value is CelError)
                return value;
            if (!keys.Add(key))
                return new CelError(CelErrorReason.InvalidArgument, $"the map key {key} occurs twice", entry.Key.Position);
            entries.Add(KeyValuePair.Create(key, value));
        }
        return CelMap.From(entries);
    }

    /// <summary>Gives the value of an optional, or null for none.</summary>
    private static CelValue? Unwrap(CelValue value, CelNode node) => value switch
    {
        CelError => value,
        CelOptional optional => optional.Value,
        _ => new CelError(CelErrorReason.NoSuchOverload, $"expected an optional value after '?', found {CelKinds.Name(value.Kind)}", node.Position),
    };

    private CelValue Bind(BindNode node, CelScope? scope)
    {
        var value = Evaluate(node.Value, scope);
        if (value is CelError)
            return value;
        meter.Charge(1, node.Position);
        if (node.Kind == BindKind.Plain)
            return Evaluate(node.Body, new CelScope(node.Name, value, scope));
        if (value is not CelOptional optional)
            return new CelError(CelErrorReason.NoSuchOverload, $"no such overload: expected an optional value, found {CelKinds.Name(value.Kind)}");
        if (optional.Value is null)
            return CelOptional.None;
        var body = Evaluate(node.Body, new CelScope(node.Name, optional.Value, scope));
        if (body is CelError)
            return body;
        if (node.Kind == BindKind.OptionalMap)
            return CelValue.Optional(body);
        return body is CelOptional ? body : new CelError(CelErrorReason.NoSuchOverload, "optFlatMap needs an optional value");
    }
}
