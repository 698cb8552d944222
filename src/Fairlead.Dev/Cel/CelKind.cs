namespace Fairlead.Dev.Cel;

/// <summary>The runtime type of a value, as <c>type(x)</c> would tell it.</summary>
public enum CelKind
{
    /// <summary>Not known before evaluation; only static types are dynamic, no value is.</summary>
    Dyn,
    Null,
    Bool,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    List,
    Map,
    Timestamp,
    Duration,
    Type,
    Optional,
    Quantity,
    Url,
    IP,
    Cidr,
    Semver,
    Format,
}
