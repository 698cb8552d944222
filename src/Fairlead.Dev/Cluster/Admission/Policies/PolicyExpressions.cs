using System.Collections.Concurrent;
using Fairlead.Dev.Cel;

namespace Fairlead.Dev.Cluster.Admission.Policies;

/// <summary>Compiles the expressions of admission policies, each once.</summary>
internal static class PolicyExpressions
{
    // A server meets few distinct expressions; the bound keeps one that is fed generated policies from growing for ever.
    private const int MaxCached = 1000;

    private static readonly CelEnvironment Environment = CelEnvironment.Empty
        .Declare("object").Declare("oldObject").Declare("request").Declare("namespaceObject").Declare("params").Declare("variables");

    private static readonly ConcurrentDictionary<(string, CelKind), CelProgram> Cache = [];

    /// <exception cref="CelCompileException">The expression is not valid.</exception>
    public static CelProgram Compile(string expression, CelKind kind)
    {
        if (Cache.TryGetValue((expression, kind), out var known))
            return known;
        if (Cache.Count >= MaxCached)
            Cache.Clear();
        return Cache[(expression, kind)] = CelProgram.Compile(expression, Environment, kind);
    }

    /// <summary>What is wrong with an expression, or null.</summary>
    public static string? Fault(string expression, CelKind kind)
    {
        try
        {
            Compile(expression, kind);
            return null;
        }
        catch (CelCompileException e)
        {
            return e.Message;
        }
    }
}
