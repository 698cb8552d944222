using System.Collections.Frozen;
using Fairlead.Dev.Cel.Checking;

namespace Fairlead.Dev.Cel.Libraries;

/// <summary>Gathers overloads by name.</summary>
internal sealed class CelFunctionTableBuilder
{
    private readonly Dictionary<string, List<CelOverload>> _globals = [];
    private readonly Dictionary<string, List<CelOverload>> _members = [];

    /// <summary>Adds a function called as <c>name(a, b)</c>.</summary>
    public void Global(string name, ReadOnlySpan<CelKind> parameters, CelType result, CelBody body) =>
        Add(_globals, name, new CelOverload([.. parameters], result, body));

    /// <summary>Adds a function called as <c>a.name(b)</c>; the receiver is the first parameter.</summary>
    public void Member(string name, ReadOnlySpan<CelKind> parameters, CelType result, CelBody body) =>
        Add(_members, name, new CelOverload([.. parameters], result, body));

    /// <summary>Adds a function that may be called either way.</summary>
    public void Either(string name, ReadOnlySpan<CelKind> parameters, CelType result, CelBody body)
    {
        Global(name, parameters, result, body);
        Member(name, parameters, result, body);
    }

    public FrozenDictionary<string, CelFunction> BuildGlobals() => Build(_globals);

    public FrozenDictionary<string, CelFunction> BuildMembers() => Build(_members);

    private static void Add(Dictionary<string, List<CelOverload>> functions, string name, CelOverload overload)
    {
        if (!functions.TryGetValue(name, out var overloads))
            functions[name] = overloads = [];
        overloads.Add(overload);
    }

    private static FrozenDictionary<string, CelFunction> Build(Dictionary<string, List<CelOverload>> functions) =>
        functions.ToFrozenDictionary(f => f.Key, f => new CelFunction(f.Key, [.. f.Value]));
}
