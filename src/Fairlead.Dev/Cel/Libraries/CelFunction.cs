using System.Collections.Immutable;

namespace Fairlead.Dev.Cel.Libraries;

/// <summary>A function or operator with all its overloads, named as in error messages: <c>startsWith</c>, <c>_+_</c>.</summary>
internal sealed record CelFunction(string Name, ImmutableArray<CelOverload> Overloads)
{
    public CelOverload? Resolve(ReadOnlySpan<CelValue> arguments)
    {
        foreach (var overload in Overloads)
        {
            if (overload.Accepts(arguments))
                return overload;
        }
        return null;
    }
}
