namespace Fairlead.Dev.Cel.Values;

/// <summary>A value of a Kubernetes library, known only through its functions.</summary>
internal abstract class CelOpaque : CelValue
{
    public abstract bool EqualsOpaque(CelOpaque other);
}
