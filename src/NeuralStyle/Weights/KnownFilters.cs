using NeuralStyle.Vgg;

namespace NeuralStyle.Weights;

/// <summary>One filter of a published network's conv1_1.</summary>
/// <param name="Index">Which of the 64 filters it is.</param>
/// <param name="Bias">Its bias; null where it is not known.</param>
/// <param name="Thousandths">Its 3×3×3 values times 1000, rounded: red, green, blue, each by rows.</param>
internal sealed record KnownFilter(int Index, float? Bias, short[] Thousandths);

/// <summary>A trained network that others are compared with.</summary>
/// <param name="Name">For people.</param>
/// <param name="Filters">Some of its filters.</param>
/// <param name="Preprocessing">The preprocessing of its training, with channels in the order red, green, blue.</param>
/// <param name="AlignedSimilarity">The smallest mean cosine of filters in the same order that counts as the same training.</param>
internal sealed record KnownTraining(string Name, KnownFilter[] Filters, Preprocessing Preprocessing, double AlignedSimilarity);

/// <summary>
/// Fingerprints of published networks: a few filters of conv1_1 each. Oxford's are the twelve of VGG-19 (Simonyan and
/// Zisserman, CC BY 4.0) with the strongest colour contrast, so that they reveal the order of the channels. Its VGG-16 was trained from the
/// same first layers, so its filters are in the same order and similar to these. Torchvision's are those that PyTorch prints.
/// </summary>
internal static class KnownFilters
{
    private const double SameOrAlike = 0.8, Same = 0.97;

    private static readonly KnownFilter[] Oxford =
    [
        new(1, 0.065f,
            [
                -84, -79, -116, -80, -62, -134, -78, -71, -115,
                34, 53, -7, 57, 88, -7, 39, 60, -6,
                96, 134, 65, 134, 185, 80, 101, 141, 66,
            ]),
        new(5, 0.549f,
            [
                -38, -63, -30, -67, -99, -64, -42, -55, -34,
                -165, -185, -160, -190, -217, -191, -175, -184, -172,
                207, 225, 207, 222, 234, 215, 195, 223, 192,
            ]),
        new(9, 0.063f,
            [
                -133, -232, -121, -49, -126, -29, 53, 33, 68,
                -148, -238, -134, -49, -116, -26, 43, 36, 61,
                48, -19, 60, 145, 98, 164, 198, 207, 212,
            ]),
        new(16, 0.464f,
            [
                140, 138, 121, 201, 208, 180, 189, 222, 182,
                -73, -108, -69, -94, -124, -93, -92, -96, -80,
                -16, -58, 5, -83, -124, -66, -83, -102, -59,
            ]),
        new(19, 0.238f,
            [
                176, 181, 173, 212, 184, 205, 206, 212, 199,
                -62, -100, -65, -98, -174, -105, -81, -122, -90,
                58, 4, 56, -7, -100, -14, 18, -42, 8,
            ]),
        new(22, 0.270f,
            [
                -145, -192, -152, -192, -250, -205, -161, -194, -159,
                62, 36, 55, 37, 1, 25, 41, 30, 44,
                148, 154, 146, 155, 152, 148, 132, 152, 140,
            ]),
        new(25, 0.603f,
            [
                -169, -171, -147, -159, -164, -141, -155, -155, -141,
                79, 101, 98, 118, 140, 134, 91, 118, 105,
                127, 161, 142, 176, 209, 190, 130, 169, 143,
            ]),
        new(27, 0.447f,
            [
                -30, 71, 31, 26, 196, 105, -30, 72, 27,
                36, 113, 86, 75, 224, 145, 35, 115, 83,
                -201, -186, -184, -203, -125, -172, -195, -179, -183,
            ]),
        new(29, 0.582f,
            [
                217, 245, 132, 210, 209, 102, 110, 106, 36,
                -18, -14, -45, -57, -84, -106, -74, -103, -93,
                -186, -185, -149, -210, -236, -193, -154, -182, -116,
            ]),
        new(32, 0.661f,
            [
                14, 36, 16, 49, 113, 40, 11, 54, 11,
                -110, -119, -109, -106, -73, -115, -109, -96, -110,
                -92, -109, -88, -94, -71, -102, -86, -84, -87,
            ]),
        new(36, 0.333f,
            [
                -153, -187, -154, -175, -208, -175, -149, -178, -148,
                38, 23, 38, 36, 22, 37, 37, 27, 40,
                31, 34, 32, 47, 52, 50, 33, 40, 38,
            ]),
        new(59, 0.812f,
            [
                78, 118, 75, 143, 177, 133, 105, 138, 95,
                150, 163, 154, 182, 189, 177, 165, 169, 158,
                -163, -204, -146, -207, -258, -199, -173, -225, -169,
            ]),
    ];

    private static readonly KnownFilter[] Torchvision16 =
    [
        new(0, 0.403f,
            [
                -554, 143, 529, -583, 357, 766, -690, -48, 484,
                176, 10, -81, 44, -70, -260, 132, -173, -132,
                313, -166, -428, 475, -83, -487, 632, 19, -278,
            ]),
        new(1, 0.378f,
            [
                232, 127, 186, -428, -244, 246, -251, 142, -6,
                -141, -219, 150, -841, -352, 564, -242, 519, 539,
                -314, -370, -131, -471, -155, 346, 54, 587, 496,
            ]),
        new(2, 0.464f,
            [
                177, 522, 10, -272, -717, 313, -76, -221, 335,
                309, 671, 20, -466, -1070, 335, -80, -305, 545,
                316, 423, -350, 86, -465, 12, 105, -146, -16,
            ]),
        new(61, 0.012f,
            [
                78, 127, 32, 221, 247, -47, 46, 28, 18,
                -183, -67, -7, -49, 7, -129, -65, -65, 44,
                -226, -119, -23, -99, -15, 1, -26, 1, 143,
            ]),
        new(62, -0.552f,
            [
                16, -32, -4, -68, -194, -142, -70, -183, -174,
                43, -68, -7, 12, -150, -124, 10, -104, -117,
                127, 85, 131, 176, 113, 119, 147, 99, 104,
            ]),
        new(63, 0.211f,
            [
                32, -108, -264, 280, -37, -255, 349, 30, -56,
                251, 155, -174, 392, 32, -352, 193, -199, -297,
                460, 434, 284, 163, -58, -192, -195, -456, -427,
            ]),
    ];

    private static readonly KnownFilter[] Torchvision19 =
    [
        new(0, null,
            [
                -53, -49, -68, 15, 45, 2, 36, 20, 20,
                17, 55, -6, 142, 227, 138, 120, 200, 92,
                -45, 13, -14, 60, 140, 54, -1, 58, -30,
            ]),
        new(62, null,
            [
                26, 382, 294, -476, -360, 233, -223, 1, 153,
                177, 388, 26, -390, -500, 2, 62, 148, 51,
                130, 75, -389, 51, -194, -175, 345, 216, -83,
            ]),
        new(63, null,
            [
                -811, -743, -779, -169, 342, -70, 525, 960, 762,
                79, 246, -153, -71, 447, -381, -153, 124, -111,
                520, 757, 624, -107, 188, -122, -664, -649, -554,
            ]),
    ];

    /// <summary>All trainings.</summary>
    public static IReadOnlyList<KnownTraining> All { get; } =
    [
        new("Oxford's VGG (Caffe)", Oxford, Preprocessing.CaffeRgb, SameOrAlike),
        new("torchvision's VGG-16", Torchvision16, Preprocessing.Torchvision, Same),
        new("torchvision's VGG-19", Torchvision19, Preprocessing.Torchvision, Same),
    ];
}
