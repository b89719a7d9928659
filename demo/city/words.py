"""The words that invented people, places and groups are named with."""

from __future__ import annotations

from random import Random

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
    "程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉秀珍红梅建"
    "国文志海燕春梅玲琴凤云莲荣爱香月莺"
    "俊峰鹏飞宇浩欣怡佳慧晓东新民庆生"
)
SEATS = (
    ("410802", "解放区", 113.230, 35.241),
    ("410803", "中站区", 113.150, 35.255),
    ("410804", "马村区", 113.335, 35.275),
    ("410811", "山阳区", 113.270, 35.235),
    ("410821", "修武县", 113.430, 35.300),
    ("410822", "博爱县", 113.060, 35.190),
    ("410823", "武陟县", 113.400, 35.080),
    ("410825", "温县", 113.100, 34.950),
    ("410871", "焦作城乡一体化示范区", 113.250, 35.160),
    ("410882", "沁阳市", 112.940, 35.110),
    ("410883", "孟州市", 112.780, 34.930),
)
# How far each county has come: 1 is usual; the pilots are ahead, the new area behind.
ZEAL = {"410882": 1.5, "410802": 1.4, "410811": 1.1, "410804": 0.8, "410803": 0.9, "410871": 0.45}

_TOWN_FIRST = (
    "清河 太平 永安 龙泉 丰收 柳林 长兴 金城 南关 北坡 "
    "青龙 白马 石桥 东湖 西岭 新店 大堤 古渡 双井 高台"
)
_VILLAGE_FIRST = "东 西 南 北 前 后 上 下 大 小"
_VILLAGE_LAST = "庄 村 营 屯 寨 岗 堂 楼 桥 沟 湾 坡"
_COMMUNITY = (
    "文化 和平 建设 幸福 团结 人民 光明 新华 友谊 朝阳 "
    "花园 学府 站前 滨河 工人 胜利 解放 民生 星苑 锦绣"
)
TOWNS = _TOWN_FIRST.split()
COMMUNITIES = _COMMUNITY.split()
PLACES = (
    *("文化广场", "健身广场", "村委会院内", "小游园", "河堤步道"),
    *("学校操场", "社区活动室", "文体中心", "老年活动中心", "体育公园"),
)

SPORTS = (
    # code, Chinese, English, indoors, share of hobby grids, usual participants
    ("square-dance", "广场舞", "square dance", False, 26, 28),
    ("brisk-walking", "健步走", "brisk walking", False, 16, 22),
    ("taijiquan", "太极拳", "tai chi", False, 12, 18),
    ("baduanjin", "八段锦", "baduanjin qigong", False, 6, 16),
    ("table-tennis", "乒乓球", "table tennis", True, 8, 8),
    ("basketball", "篮球", "basketball", False, 7, 12),
    ("badminton", "羽毛球", "badminton", True, 6, 8),
    ("rouliqiu", "柔力球", "taiji ball", False, 3, 14),
    ("diabolo", "空竹", "diabolo", False, 3, 10),
    ("gateball", "门球", "gateball", False, 2, 12),
    ("air-volleyball", "气排球", "air volleyball", True, 2, 12),
    ("cycling", "骑行", "cycling", False, 3, 14),
    ("running", "跑步", "running", False, 3, 15),
    ("aerobics", "健身操", "aerobics", True, 2, 16),
    ("drum-dance", "腰鼓", "waist drum", False, 1, 20),
    ("swimming", "游泳", "swimming", True, 1, 10),
)


def person_name(rng: Random) -> str:
    return rng.choice(SURNAMES) + "".join(rng.sample(GIVEN, rng.choice((1, 2, 2))))


def mobile(rng: Random) -> str:
    """A number of a block that is not given out (10…), with the digits of a mobile number."""
    return f"100{rng.randrange(10**8):08d}"


def village_name(rng: Random, used: set[str]) -> str:
    for _try in range(200):
        name = (
            rng.choice(_VILLAGE_FIRST.split())
            + rng.choice(SURNAMES)
            + (rng.choice(_VILLAGE_LAST.split()))
        )
        name = f"{name}村" if not name.endswith("村") else name
        if name not in used:
            break
    used.add(name)
    return name
