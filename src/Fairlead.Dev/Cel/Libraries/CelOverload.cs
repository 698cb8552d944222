using System.Collections.Immutable;
using Fairlead.Dev.Cel.Checking;

namespace Fairlead.Dev.Cel.Libraries;

/// <summary>One signature of a function; a parameter of kind <see cref="CelKind.Dyn"/> takes any value.</summary>
internal sealed record CelOverload(ImmutableArray<CelKind> Parameters, CelType Result, CelBody Body)
{
    public bool Accepts(ReadOnlySpan<CelValue> arguments)
    {
        if (arguments.Length != Parameters.Length)
            return false;
        for (var i = 0; i < arguments.Length; i++)
        {
            if (Parameters[i] != CelKind.Dyn && Parameters[i] != arguments[i].Kind)
                return false;
        }
        return true;
    }

    /// <summary>Whether arguments of these static types may turn out to fit.</summary>
    public bool MayAccept(ReadOnlySpan<CelType> arguments)
    {
        if (arguments.Length != Parameters.Length)
            return false;
        for (var i = 0; i < arguments.Length; i++)
        {
            if (Parameters[i] != CelKind.Dyn && arguments[i].Kind != CelKind.Dyn && Parameters[i] != arguments[i].Kind)
                return false;
        }
        return true;
    }
}
