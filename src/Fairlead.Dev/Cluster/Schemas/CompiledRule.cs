using Fairlead.Dev.Cel;

namespace Fairlead.Dev.Cluster.Schemas;

/// <summary>A rule with its programs.</summary>
internal sealed class CompiledRule
{
    private CompiledRule(ValidationRule rule, CelProgram program, CelProgram? message, bool usesOldSelf)
    {
        Rule = rule;
        Program = program;
        MessageProgram = message;
        UsesOldSelf = usesOldSelf;
    }

    public ValidationRule Rule { get; }

    public CelProgram Program { get; }

    public CelProgram? MessageProgram { get; }

    /// <summary>A transition rule: it speaks of the stored value too.</summary>
    public bool UsesOldSelf { get; }

    /// <param name="isResource">The node is a whole object, whose metadata shows its name only.</param>
    /// <exception cref="CelCompileException">The rule, or its message expression, is no valid program here.</exception>
    public static CompiledRule Compile(ValidationRule rule, SchemaNode schema, bool isResource)
    {
        var self = CelEnvironment.Empty.Declare("self", schema, isResource);
        var both = rule.OptionalOldSelf
            ? self.DeclareOptional("oldSelf", schema, isResource)
            : self.Declare("oldSelf", schema, isResource);
        var program = CelProgram.Compile(rule.Rule, both, CelKind.Bool);
        var message = rule.MessageExpression is null ? null : CelProgram.Compile(rule.MessageExpression, both, CelKind.String);
        return new CompiledRule(rule, program, message, !CompilesWith(rule.Rule, self));
    }

    // What compiles without oldSelf does not use it.
    private static bool CompilesWith(string expression, CelEnvironment environment)
    {
        try
        {
            _ = CelProgram.Compile(expression, environment, CelKind.Bool);
            return true;
        }
        catch (CelCompileException)
        {
            return false;
        }
    }
}
