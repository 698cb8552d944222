using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cel.Values;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cel;

/// <summary>An immutable CEL value. Equality is CEL's: numbers compare across their types, NaN equals nothing.</summary>
public abstract class CelValue : IEquatable<CelValue>
{
    private protected CelValue()
    {
    }

    public static CelValue Null => CelNull.Instance;

    public static CelValue True => CelBool.True;

    public static CelValue False => CelBool.False;

    public abstract CelKind Kind { get; }

    /// <summary>What the cost model counts this value as: characters, bytes or elements.</summary>
    internal virtual int Size => 1;

    public static CelValue Of(bool value) => value ? CelBool.True : CelBool.False;

    public static CelValue Of(long value) => new CelInt(value);

    public static CelValue Of(double value) => new CelDouble(value);

    public static CelValue Of(string value) => new CelString(value);

    public static CelValue Of(IReadOnlyList<CelValue> values) => new CelList(values);

    /// <summary>A map with text keys, such as a <c>request</c> or <c>variables</c> object.</summary>
    public static CelValue Of(IEnumerable<KeyValuePair<string, CelValue>> fields) =>
        CelMap.From(fields.Select(f => KeyValuePair.Create(Of(f.Key), f.Value)));

    /// <summary>The value present, as <c>oldSelf</c> of a rule with <c>optionalOldSelf</c>; null gives <c>optional.none()</c>.</summary>
    public static CelValue Optional(CelValue? value) => value is null ? CelOptional.None : new CelOptional(value);

    /// <summary>
    /// Converts a JSON document. Whole numbers become <c>int</c>, others <c>double</c>.
    /// </summary>
    /// <param name="node">The document; null is the JSON null.</param>
    /// <param name="schema">
    /// The schema of the document, if known: <c>number</c> makes every number a <c>double</c>, the formats <c>date-time</c>,
    /// <c>date</c>, <c>duration</c> and <c>byte</c> give timestamps, durations and bytes, and the list type gives list equality
    /// and concatenation.
    /// </param>
    public static CelValue FromJson(JsonNode? node, SchemaNode? schema = null) => JsonConversion.FromJson(node, schema);

    public bool TryGetBool(out bool value)
    {
        value = this is CelBool { Value: true };
        return this is CelBool;
    }

    public bool TryGetString([NotNullWhen(true)] out string? value)
    {
        value = (this as CelString)?.Value;
        return value is not null;
    }

    /// <summary>Gives the value as JSON: durations, timestamps and bytes as their text, optionals as the value or null.</summary>
    /// <exception cref="InvalidOperationException">The value is a type, or a non-finite number, which JSON cannot hold.</exception>
    public JsonNode? ToJson() => JsonConversion.ToJson(this);

    public bool Equals(CelValue? other) => other is not null && CelEquality.AreEqual(this, other);

    public sealed override bool Equals(object? obj) => obj is CelValue other && Equals(other);

    public sealed override int GetHashCode() => CelEquality.Hash(this);
}
