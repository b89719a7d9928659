"""The words that invented people, places and groups are named with."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


def _words(text: str) -> list[str]:
    return text.split()


_SURNAMES = (
    "王王王李李李张张张刘刘陈陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐"
    "冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武"
    "乔贺赖龚文原靳牛买"
)
WOMEN = _words(
    """
    芳 娜 敏 静 丽 艳 娟 霞 桂英 玉兰 秀英 桂兰 秀珍 玉梅 海燕 春梅 玲 玉玲
    凤琴 凤云 莲花 爱荣 红霞 爱香 秋月 小红 丽娟 雪梅 慧敏 晓燕 淑珍 素珍
    喜梅 金枝 巧云 瑞芳 彩霞 欣怡 佳慧 文静 志红 冬梅 俊丽 小菊 素云 新爱
    """
)
MEN = _words(
    """
    伟 强 磊 军 洋 勇 杰 涛 明 超 刚 平 建国 国庆 志强 建军 海军 俊峰 鹏飞
    宇浩 晓东 新民 庆生 保国 国强 天顺 长江 福来 得胜 卫东 卫民 小军 红旗
    文斌 永刚 永亮 海涛 世杰 光明 全福 有才 铁柱 振华 克勤 小波 文革 根生
    """
)


@dataclass(frozen=True)
class County:
    """A county under its real name and code; ``centres`` are rough points inside it."""

    code: str
    name: str
    urban: bool
    centres: tuple[tuple[float, float], ...]


COUNTIES = (
    County("410802", "解放区", True, ((113.215, 35.235), (113.20, 35.28))),
    County("410803", "中站区", True, ((113.155, 35.235), (113.13, 35.29))),
    County("410804", "马村区", True, ((113.345, 35.26),)),
    County("410811", "山阳区", True, ((113.275, 35.235), (113.26, 35.28))),
    County(
        "410821",
        "修武县",
        False,
        ((113.44, 35.23), (113.42, 35.32), (113.34, 35.36), (113.24, 35.38), (113.50, 35.36)),
    ),
    County("410822", "博爱县", False, ((113.06, 35.17), (113.04, 35.26), (113.11, 35.10))),
    County("410823", "武陟县", False, ((113.40, 35.10), (113.30, 35.04), (113.52, 35.10))),
    County("410825", "温县", False, ((113.08, 34.94), (113.16, 34.96), (113.02, 34.97))),
    County("410871", "焦作城乡一体化示范区", True, ((113.25, 35.175),)),
    County("410882", "沁阳市", False, ((112.94, 35.12), (112.87, 35.03), (112.90, 35.22))),
    County("410883", "孟州市", False, ((112.79, 34.91), (112.70, 34.95), (112.86, 34.93))),
)

TOWNS = _words(
    """
    清河 永安 龙泉 丰乐 柳林 长兴 金城 南关 北坡 青龙 白马 石桥 东湖 西岭
    新店 大堤 古渡 双井 高台 云溪 杏花 麦香 竹园 枣林 青杨 红旗 五里 三义
    安乐 兴隆 玉泉 望河 瓦窑 银杏 凤台 仁和 景明 曲水 平皋 崇义
    """
)
COMMUNITIES = _words(
    """
    文化 和平 建设 幸福 团结 人民 光明 新华 友谊 朝阳 花园 学府 站前 滨河
    工人 胜利 民生 星苑 锦绣 春晖 丹枫 月季 怡景 东苑 西苑 康乐 福星 百花
    金桂 翠竹
    """
)
_VILLAGE_FIRST = ["", *"东西南北前后上下大小新老"]
_VILLAGE_LAST = [*"庄营屯寨岗堂楼桥沟湾坡村"]

OUTDOORS = _words(
    """
    文化广场 健身广场 村委会院内 小游园 河堤步道 学校操场 体育公园 口袋公园
    健身步道
    """
)
INDOORS = _words("社区活动室 文体中心 老年活动中心 文化站 学校体育馆")
TEAMS = _words("夕阳红 快乐 阳光 晨曦 常青 金秋 欢乐 同心 凤凰 红太阳 逐梦 和谐")

NOTES = _words(
    """
    新来三位居民 教新套路 邻村来交流 为比赛排练 提前结束 指导员来教 带新队员
    庆祝节日 场地换到活动室
    """
)
CORRECTED = _words("人数记错 补上后来的人 看错签到表 少记了一排")
WITHDRAWN = _words("重复记录 记到别的队了 当天没有活动")
# Stands with every figure that only the demo city knows.
SOURCE = "演示数据（虚构）"


@dataclass(frozen=True)
class SportWords:
    """A sport; ``share`` of the hobby grids, and how many usually come."""

    code: str
    zh: str
    en: str
    indoors: bool
    share: int
    people: int


SPORTS = (
    SportWords("square-dance", "广场舞", "square dance", False, 26, 28),
    SportWords("brisk-walking", "健步走", "brisk walking", False, 16, 22),
    SportWords("taijiquan", "太极拳", "taijiquan", False, 14, 18),
    SportWords("baduanjin", "八段锦", "baduanjin", False, 6, 16),
    SportWords("table-tennis", "乒乓球", "table tennis", True, 8, 8),
    SportWords("basketball", "篮球", "basketball", False, 7, 12),
    SportWords("badminton", "羽毛球", "badminton", True, 6, 8),
    SportWords("rouliqiu", "柔力球", "rouli ball", False, 3, 14),
    SportWords("diabolo", "空竹", "diabolo", False, 3, 10),
    SportWords("gateball", "门球", "gateball", False, 2, 12),
    SportWords("air-volleyball", "气排球", "air volleyball", True, 2, 12),
    SportWords("cycling", "骑行", "cycling", False, 3, 14),
    SportWords("running", "跑步", "running", False, 3, 15),
    SportWords("aerobics", "健身操", "aerobics", True, 2, 16),
    SportWords("waist-drum", "腰鼓", "waist drum", False, 1, 20),
    SportWords("yoga", "瑜伽", "yoga", True, 1, 12),
)


def person_name(rng: Random) -> str:
    return rng.choice(_SURNAMES) + rng.choice(WOMEN if rng.random() < 0.58 else MEN)


def mobile(number: int) -> str:
    """A mobile number of a block that is not given out (100…), another for every ``number``."""
    return f"100{number * 48_271_337 % 10**8:08d}"


def village_name(rng: Random, used: set[str]) -> str:
    """ "东王庄村"; not one of ``used``."""
    while True:
        last = rng.choice(_VILLAGE_LAST)
        name = rng.choice(_VILLAGE_FIRST) + rng.choice(_SURNAMES) + last
        name += "" if last == "村" else "村"
        if name not in used:
            used.add(name)
            return name


def community_name(rng: Random, used: set[str]) -> str:
    """ "文化社区"; not one of ``used``."""
    free = [name for name in COMMUNITIES if f"{name}社区" not in used]
    name = rng.choice(free) if free else f"{rng.choice(COMMUNITIES)}{len(used)}号"
    used.add(f"{name}社区")
    return f"{name}社区"
