using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cel.Checking;
using Fairlead.Dev.Cel.Libraries;

namespace Fairlead.Dev.Cel;

/// <summary>
/// The variables an expression may name, on top of the functions Kubernetes gives it. Immutable: <c>Declare</c> gives a new one.
/// </summary>
public sealed record CelEnvironment
{
    private CelEnvironment()
    {
    }

    /// <summary>No variables.</summary>
    public static CelEnvironment Empty { get; } = new();

    /// <summary>
    /// Whether <c>cel.bind(name, value, expression)</c> is known. The Kubernetes API server does not know it, so neither does an
    /// environment unless told.
    /// </summary>
    public bool AllowBind { get; init; }

    internal ImmutableDictionary<string, CelType> Variables { get; private init; } = ImmutableDictionary<string, CelType>.Empty;

    internal CelFunctionTable Functions { get; } = CelFunctionTable.Kubernetes;

    /// <summary>Declares a variable of any type, checked as it is evaluated.</summary>
    public CelEnvironment Declare(string name, CelKind kind = CelKind.Dyn) => Declare(name, CelType.Of(kind));

    /// <summary>
    /// Declares a variable that a structural OpenAPI v3 schema describes: fields it does not have are errors of compilation.
    /// </summary>
    public CelEnvironment Declare(string name, JsonNode schema) => Declare(name, SchemaTypes.From(schema));

    private CelEnvironment Declare(string name, CelType type)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return this with { Variables = Variables.SetItem(name, type) };
    }
}
