namespace Fairlead.Dev.Cel.Libraries;

/// <summary>Computes an overload; the arguments have the kinds it declares. A failure is a returned <see cref="Values.CelError"/>.</summary>
internal delegate CelValue CelBody(CelArguments arguments);
