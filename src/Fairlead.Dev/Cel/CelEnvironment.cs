using System.Collections.Immutable;
using Fairlead.Dev.Cel.Checking;
using Fairlead.Dev.Cel.Libraries;
using Fairlead.Dev.Cluster.Schemas;

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
    /// Declares a variable that a schema describes: fields it does not have are errors of compilation.
    /// </summary>
    /// <param name="isResource">
    /// True for the root of a resource, where <c>apiVersion</c>, <c>kind</c>, <c>metadata.name</c> and <c>metadata.generateName</c>
    /// may be named and no other metadata.
    /// </param>
    public CelEnvironment Declare(string name, SchemaNode schema, bool isResource = false)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return Declare(name, SchemaTypes.From(schema, isResource));
    }

    /// <summary>Declares a variable as <see cref="Declare(string, SchemaNode, bool)"/> does that is present only at times.</summary>
    public CelEnvironment DeclareOptional(string name, SchemaNode schema, bool isResource = false)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return Declare(name, CelType.OptionalOf(SchemaTypes.From(schema, isResource)));
    }

    private CelEnvironment Declare(string name, CelType type)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return this with { Variables = Variables.SetItem(name, type) };
    }
}
