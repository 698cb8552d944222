using System.Collections.Frozen;

namespace Fairlead.Dev.Cel.Checking;

/// <summary>What is known of a value before evaluation. Anything not known is dynamic and checked at evaluation.</summary>
internal sealed class CelType
{
    public static readonly CelType Dyn = new(CelKind.Dyn);
    public static readonly CelType Null = new(CelKind.Null);
    public static readonly CelType Bool = new(CelKind.Bool);
    public static readonly CelType Int = new(CelKind.Int);
    public static readonly CelType Uint = new(CelKind.Uint);
    public static readonly CelType Double = new(CelKind.Double);
    public static readonly CelType String = new(CelKind.String);
    public static readonly CelType Bytes = new(CelKind.Bytes);
    public static readonly CelType List = new(CelKind.List);
    public static readonly CelType Map = new(CelKind.Map);
    public static readonly CelType Timestamp = new(CelKind.Timestamp);
    public static readonly CelType Duration = new(CelKind.Duration);
    public static readonly CelType Type = new(CelKind.Type);
    public static readonly CelType Optional = new(CelKind.Optional);
    public static readonly CelType Quantity = new(CelKind.Quantity);
    public static readonly CelType Url = new(CelKind.Url);
    public static readonly CelType IP = new(CelKind.IP);
    public static readonly CelType Cidr = new(CelKind.Cidr);
    public static readonly CelType Semver = new(CelKind.Semver);
    public static readonly CelType Format = new(CelKind.Format);

    private CelType(CelKind kind, CelType? element = null, FrozenDictionary<string, CelType>? fields = null)
    {
        Kind = kind;
        Element = element;
        Fields = fields;
    }

    public CelKind Kind { get; }

    /// <summary>The type of a list's elements, a map's values or an optional's value; null if not known.</summary>
    public CelType? Element { get; }

    /// <summary>The fields of an object by the name that selects them; null for a map or if not known.</summary>
    public FrozenDictionary<string, CelType>? Fields { get; }

    public static CelType ListOf(CelType element) => new(CelKind.List, element);

    public static CelType MapOf(CelType value) => new(CelKind.Map, value);

    public static CelType OptionalOf(CelType value) => new(CelKind.Optional, value);

    public static CelType Object(FrozenDictionary<string, CelType> fields) => new(CelKind.Map, fields: fields);

    /// <summary>The plain type of a kind.</summary>
    public static CelType Of(CelKind kind) => new(kind);

    /// <summary>The one type of two branches; dynamic if they differ.</summary>
    public static CelType Join(CelType left, CelType right) =>
        ReferenceEquals(left, right) ? left : left.Kind == right.Kind ? Of(left.Kind) : Dyn;

    /// <summary>Whether values of the two types may be compared for equality at all.</summary>
    public static bool Comparable(CelType left, CelType right)
    {
        if (left.Kind is CelKind.Dyn or CelKind.Null || right.Kind is CelKind.Dyn or CelKind.Null)
            return true;
        return left.Kind == right.Kind && (left.Element is null || right.Element is null || Comparable(left.Element, right.Element));
    }

    public override string ToString() => (Kind, Element) switch
    {
        (CelKind.Map, _) when Fields is not null => "object",
        (CelKind.List, not null) => $"list({Element})",
        (CelKind.Map, not null) => $"map(string, {Element})",
        (CelKind.Optional, not null) => $"optional_type({Element})",
        _ => Values.CelKinds.Name(Kind),
    };
}
