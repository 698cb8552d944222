using System.Diagnostics.CodeAnalysis;

namespace Fairlead.Dev.Cel.Evaluation;

/// <summary>The macro variables in force, innermost first.</summary>
internal sealed record CelScope(string Name, CelValue Value, CelScope? Outer)
{
    public static bool TryFind(CelScope? scope, string name, [NotNullWhen(true)] out CelValue? value)
    {
        for (; scope is not null; scope = scope.Outer)
        {
            if (scope.Name == name)
            {
                value = scope.Value;
                return true;
            }
        }
        value = null;
        return false;
    }
}
