using System.Collections.Frozen;

namespace Fairlead.Dev.Cel.Libraries;

/// <summary>The functions an expression may call. Immutable once built.</summary>
internal sealed class CelFunctionTable
{
    /// <summary>The standard library and the libraries of Kubernetes 1.36, save the authorizer.</summary>
    public static readonly CelFunctionTable Kubernetes = Build();

    private readonly FrozenDictionary<string, CelFunction> _globals;
    private readonly FrozenDictionary<string, CelFunction> _members;

    public CelFunctionTable(CelFunctionTableBuilder builder)
    {
        _globals = builder.BuildGlobals();
        _members = builder.BuildMembers();
    }

    public CelFunction? FindGlobal(string name) => _globals.GetValueOrDefault(name);

    public CelFunction? FindMember(string name) => _members.GetValueOrDefault(name);

    /// <summary>Operators are global functions under a name no expression can spell, such as <c>_+_</c>.</summary>
    public CelFunction Operator(string name) => _globals[name];

    private static CelFunctionTable Build()
    {
        var builder = new CelFunctionTableBuilder();
        OperatorLibrary.AddTo(builder);
        ConversionLibrary.AddTo(builder);
        StringLibrary.AddTo(builder);
        TimeLibrary.AddTo(builder);
        OptionalLibrary.AddTo(builder);
        ListLibrary.AddTo(builder);
        RegexLibrary.AddTo(builder);
        SetLibrary.AddTo(builder);
        QuantityLibrary.AddTo(builder);
        UrlLibrary.AddTo(builder);
        AddressLibrary.AddTo(builder);
        SemverLibrary.AddTo(builder);
        FormatLibrary.AddTo(builder);
        return new CelFunctionTable(builder);
    }
}
