using System.Collections.Immutable;

namespace Fairlead.Dev.Cel.Syntax;

/// <summary>The calls that are syntax: their arguments are not evaluated before the call.</summary>
internal static class CelMacros
{
    /// <summary>Expands <paramref name="name"/>, or gives null if that is no macro. A global call has no <paramref name="receiver"/>.</summary>
    public static CelNode? Expand(CelSource source, int position, CelNode? receiver, string name, ImmutableArray<CelNode> arguments, bool allowBind)
    {
        if (receiver is null)
            return name == "has" ? Has(source, position, arguments) : null;
        if (allowBind && name == "bind" && receiver is IdentifierNode { Name: "cel" })
            return Bind(source, position, arguments);
        return (name, arguments.Length) switch
        {
            ("all", 2) => One(ComprehensionKind.All),
            ("exists", 2) => One(ComprehensionKind.Exists),
            ("exists_one" or "existsOne", 2) => One(ComprehensionKind.ExistsOne),
            ("filter", 2) => One(ComprehensionKind.Filter),
            ("map", 2) => One(ComprehensionKind.Map),
            ("map", 3) => One(ComprehensionKind.Map, filter: true),
            ("all", 3) => Two(ComprehensionKind.All),
            ("exists", 3) => Two(ComprehensionKind.Exists),
            ("existsOne", 3) => Two(ComprehensionKind.ExistsOne),
            ("transformList", 3) => Two(ComprehensionKind.Map),
            ("transformList", 4) => Two(ComprehensionKind.Map, filter: true),
            ("transformMap", 3) => Two(ComprehensionKind.TransformMap),
            ("transformMap", 4) => Two(ComprehensionKind.TransformMap, filter: true),
            ("transformMapEntry", 3) => Two(ComprehensionKind.TransformMapEntry),
            ("transformMapEntry", 4) => Two(ComprehensionKind.TransformMapEntry, filter: true),
            ("optMap", 2) => new BindNode(position, BindKind.OptionalMap, Variable(source, arguments[0]), receiver, arguments[1]),
            ("optFlatMap", 2) => new BindNode(position, BindKind.OptionalFlatMap, Variable(source, arguments[0]), receiver, arguments[1]),
            _ when IsMacroName(name) => throw source.Error(position, $"the macro '{name}' does not take {arguments.Length} arguments"),
            _ => null,
        };

        ComprehensionNode One(ComprehensionKind kind, bool filter = false) =>
            new(position, kind, receiver, Variable(source, arguments[0]), null, filter ? arguments[1] : null, arguments[^1]);

        ComprehensionNode Two(ComprehensionKind kind, bool filter = false)
        {
            var first = Variable(source, arguments[0]);
            var second = Variable(source, arguments[1]);
            if (first == second)
                throw source.Error(arguments[1].Position, $"the variables of '{name}' must differ: both are '{first}'");
            return new(position, kind, receiver, first, second, filter ? arguments[2] : null, arguments[^1]);
        }
    }

    private static bool IsMacroName(string name) => name is "all" or "exists" or "exists_one" or "existsOne" or "filter" or "map"
        or "transformList" or "transformMap" or "transformMapEntry" or "optMap" or "optFlatMap";

    private static SelectNode Has(CelSource source, int position, ImmutableArray<CelNode> arguments)
    {
        if (arguments is not [SelectNode { Test: false, Optional: false } select])
            throw source.Error(position, "invalid argument to has() macro: it takes one field selection, as in has(self.field)");
        return select with { Test = true };
    }

    private static BindNode Bind(CelSource source, int position, ImmutableArray<CelNode> arguments)
    {
        if (arguments.Length != 3)
            throw source.Error(position, "cel.bind() takes a variable, its value and the expression that uses it");
        return new BindNode(position, BindKind.Plain, Variable(source, arguments[0]), arguments[1], arguments[2]);
    }

    private static string Variable(CelSource source, CelNode node) =>
        node is IdentifierNode { Name: var name } && !name.StartsWith('.')
            ? name
            : throw source.Error(node.Position, "a macro variable must be a simple identifier");
}
