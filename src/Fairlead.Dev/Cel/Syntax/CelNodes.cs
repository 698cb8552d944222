using System.Collections.Immutable;
using Fairlead.Dev.Cel.Libraries;

namespace Fairlead.Dev.Cel.Syntax;

internal sealed record LiteralNode(int Position, CelValue Value) : CelNode(Position, 1);

internal sealed record IdentifierNode(int Position, string Name) : CelNode(Position, 1);

/// <summary><c>operand.field</c>; a test is <c>has(operand.field)</c>, an optional selection <c>operand.?field</c>.</summary>
internal sealed record SelectNode(int Position, CelNode Operand, string Field, bool Test, bool Optional)
    : CelNode(Position, DepthOver(Operand));

internal sealed record IndexNode(int Position, CelNode Operand, CelNode Index, bool Optional)
    : CelNode(Position, DepthOver(Operand, Index));

/// <summary>A call of a function or an operator; its receiver, if it has one, is the first argument.</summary>
internal sealed record CallNode(int Position, CelFunction Function, ImmutableArray<CelNode> Arguments)
    : CelNode(Position, DepthOver([.. Arguments]));

/// <summary>A whole chain of <c>&amp;&amp;</c> or <c>||</c>, flat so that its length costs no depth.</summary>
internal sealed record LogicalNode(int Position, bool IsAnd, ImmutableArray<CelNode> Operands)
    : CelNode(Position, DepthOver([.. Operands]));

internal sealed record ConditionalNode(int Position, CelNode Condition, CelNode Then, CelNode Else)
    : CelNode(Position, DepthOver(Condition, Then, Else));

/// <summary>An element; an optional one, <c>?element</c>, is left out if it is <c>optional.none()</c>.</summary>
internal readonly record struct ListElement(CelNode Value, bool Optional);

internal sealed record ListNode(int Position, ImmutableArray<ListElement> Elements)
    : CelNode(Position, DepthOver([.. Elements.Select(e => e.Value)]));

internal readonly record struct MapEntry(CelNode Key, CelNode Value, bool Optional);

internal sealed record MapNode(int Position, ImmutableArray<MapEntry> Entries)
    : CelNode(Position, DepthOver([.. Entries.SelectMany(e => new[] { e.Key, e.Value })]));

/// <summary>
/// A macro that walks a list or a map. Alone, the first variable is the element or key; with a second, it is the index or key and
/// the second the element or value. The filter picks the inputs of a transformation; the body is the predicate or transformation.
/// </summary>
internal sealed record ComprehensionNode(
    int Position, ComprehensionKind Kind, CelNode Range, string First, string? Second, CelNode? Filter, CelNode Body)
    : CelNode(Position, DepthOver(Range, Filter, Body));

/// <summary><c>cel.bind</c>, and the present branch of <c>optMap</c> and <c>optFlatMap</c>.</summary>
internal sealed record BindNode(int Position, BindKind Kind, string Name, CelNode Value, CelNode Body)
    : CelNode(Position, DepthOver(Value, Body));
